/**
 * Whether what a command printed is what its page shows. Times, ages, pids, hashes and ids differ from run to run, and so does the
 * width of columns; all else must be the same. `…` in a page stands for anything in a line, and alone on a line for any lines.
 */
export function matches(shown: readonly string[], printed: string): boolean {
  const lines = plain(printed).split('\n');
  const pattern = shown.map((line) => (line.trim() === '…' ? '…' : plain(line)));
  return matchLines(pattern, lines);
}

/** Whether each line that is shown was printed, in whichever order: what several report as it happens. */
export function matchesInAnyOrder(shown: readonly string[], printed: string): boolean {
  const lines = plain(printed).split('\n');
  return shown.every((line) => line.trim() === '…' || lines.some((one) => lineMatches(plain(line), one)));
}

function matchLines(pattern: readonly string[], lines: readonly string[]): boolean {
  const [first, ...others] = pattern;
  if (first === undefined) return lines.length === 0;
  if (first === '…') return lines.some((_, index) => matchLines(others, lines.slice(index))) || others.length === 0;
  const [line, ...rest] = lines;
  return line !== undefined && lineMatches(first, line) && matchLines(others, rest);
}

function lineMatches(shown: string, line: string): boolean {
  const parts = shown.split('…').map((part) => part.trim());
  if (parts.length === 1) return shown === line;
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = index === parts.length - 1 && part !== '' ? line.lastIndexOf(part) : line.indexOf(part, at);
    if (found < at || (index === 0 && found !== 0)) return false;
    at = found + part.length;
  }
  return parts.at(-1) === '' || at === line.length;
}

/** What differs from run to run, each with what stands in its place; the first that fits counts. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?/g, 'TIME'],
  [/(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}/g, 'TIME'],
  [/\b\d\d:\d\d:\d\d\b/g, 'TIME'],
  [/\b\d{8}T\d{6}(?:-\d{3})?Z\b/g, 'TIME'],
  [/\b(?:sent|report)-[a-z0-9]+-[0-9a-f]+\b/g, 'MESSAGE'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, 'UID'],
  [/\b\d{13}-[0-9a-f]{8}\b/g, 'RUN'],
  [/\b(?=[a-f]*\d)[0-9a-f]{7,64}\b/g, 'HASH'],
  [/\b(?:\d+(?:\.\d+)?(?:ms|[smhd]))+\b/g, 'AGE'],
  [/\b\d+(?:\.\d+)? (?:ms|s|min|h|%|GiB|MiB)(?=\W|$)/g, 'AMOUNT'],
  [/\b\d+(?:\.\d+)?[KMGT]\b/g, 'SIZE'],
  [/(?<=^|[\s=(])[%@$]\d+\b/g, 'ID'],
  [/\b\d+\.\d+(?:\.\d+)*[a-z]?\b/g, 'NUMBER'],
  [/\b\d{3,}\b/g, 'NUMBER'],
];

/** A text without what differs from run to run, in single blanks. */
export function plain(text: string): string {
  // A terminal shows nothing for a control character by itself.
  const visible = text.replaceAll(/[^\P{Cc}\n\t]/gu, '');
  const replaced = VARYING.reduce((rest, [pattern, word]) => rest.replaceAll(pattern, word), visible);
  return replaced
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .join('\n')
    .trim();
}
