/** What a query names, as far as a look at its text can tell; whether it parses is for promtool to say. */
export interface Named {
  readonly metrics: readonly string[];
  /** Labels that are matched, by metric. */
  readonly matched: readonly { readonly metric: string; readonly label: string }[];
  /** Labels that are grouped or joined by. */
  readonly grouped: readonly string[];
}

const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'group_left', 'group_right', 'inf', 'nan']);
const GROUPING = /\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g;

export function namesIn(expr: string): Named {
  const grouped = [...expr.matchAll(GROUPING)].flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
  const rest = expr.replaceAll(GROUPING, ' ').replaceAll(/\[[^\]]*\]/g, ' ');
  const metrics: string[] = [];
  const matched: { metric: string; label: string }[] = [];
  for (const [, name = '', matchers = ''] of rest.matchAll(
    /(?<![\w:."$])([a-zA-Z_:][\w:]*)(?!\s*\()(?![\w:])(\{(?:[^"}]|"[^"]*")*\})?/g,
  )) {
    if (WORDS.has(name)) continue;
    metrics.push(name);
    for (const [, label = ''] of matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"[^"]*"/g)) {
      matched.push({ metric: name, label });
    }
  }
  return { metrics, matched, grouped: grouped.filter((name) => name !== '') };
}

/** Grafana's variables, filled in as Grafana would. */
export function fillIn(expr: string, variables: Readonly<Record<string, string>> = {}): string {
  const all: Readonly<Record<string, string>> = { __rate_interval: '1m', __range: '1h', ...variables };
  return expr.replaceAll(/\$\{?(\w+)\}?/g, (text, name: string) => all[name] ?? (name.startsWith('_') ? text : '.*'));
}
