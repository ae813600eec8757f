import { stringify } from 'yaml';

/** Long lines stay whole, and words that YAML 1.1 takes for booleans are quoted for the sake of other tools. */
const OPTIONS = { lineWidth: 0, compat: 'yaml-1.1' } as const;

/** A fresh YAML text of an object, with the comment that tells editors its schema (a URL or path) as its first line. */
export function renderObject(object: unknown, schema?: string): string {
  const header = schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`;
  return `${header}${renderBlock(object)}\n`;
}

/** Block style, without a line break at the end. */
export function renderBlock(value: unknown): string {
  const text = stringify(value, OPTIONS);
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

/** One line, as in `{name: web, labels: {team: a}}`. */
export function renderFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderFlow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([name, field]) => `${renderKey(name)}: ${renderFlow(field)}`).join(', ')}}`;
  }
  if (typeof value !== 'string') return JSON.stringify(value);
  const plain = renderBlock(value);
  return /^[A-Za-z0-9_./][\w./ -]*$/.test(value) && plain === value && value.trim() === value
    ? value
    : JSON.stringify(value);
}

export function renderKey(name: string): string {
  return renderFlow(name);
}
