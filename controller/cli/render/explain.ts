import type { Explanation, Field } from '../explanation.ts';

const WIDTH = 80;

/** In kubectl's layout: GROUP is part of VERSION, as ours are in one group. */
export function renderExplanation({ kind, version, field, whole }: Explanation, recursive: boolean): string {
  const head = [`KIND:       ${kind}`, `VERSION:    ${version}`, ''];
  const own = whole ? [] : [`FIELD: ${field.name} ${field.type}`, ''];
  const description = ['DESCRIPTION:', ...wrapped(describe(field), 4), ''];
  const fields =
    field.fields.length === 0 ? [] : ['FIELDS:', ...(recursive ? tree(field.fields, 2) : list(field.fields))];
  return `${[...head, ...own, ...description, ...fields].join('\n').trimEnd()}\n`;
}

function list(fields: readonly Field[]): readonly string[] {
  return fields.flatMap((field) => [`  ${headline(field)}`, ...wrapped(describe(field), 4), '']);
}

function tree(fields: readonly Field[], indent: number): readonly string[] {
  return fields.flatMap((field) => [`${' '.repeat(indent)}${headline(field)}`, ...tree(field.fields, indent + 2)]);
}

function headline({ name, type, required }: Field): string {
  return `${name}\t${type}${required ? ' -required-' : ''}`;
}

function describe({ description, values, default: preset }: Field): string {
  const allowed = values.length === 0 ? '' : `One of: ${values.map(String).join(', ')}.`;
  const fallback = preset === undefined ? '' : `Default: ${JSON.stringify(preset)}.`;
  return [description, values.length > 1 ? allowed : '', fallback].filter((part) => part !== '').join(' ');
}

function wrapped(text: string, indent: number): readonly string[] {
  const lines = [''];
  for (const word of (text === '' ? '<empty>' : text).split(/\s+/)) {
    const line = lines.pop() ?? '';
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && longer.length + indent > WIDTH) lines.push(line, word);
    else lines.push(longer);
  }
  return lines.map((line) => `${' '.repeat(indent)}${line}`);
}
