/** Only for a line that a person reads: nothing is decided from it. */
const LANGUAGES: Readonly<Record<string, string>> = {
  c: 'C',
  cc: 'C++',
  cpp: 'C++',
  cs: 'C#',
  css: 'CSS',
  dart: 'Dart',
  ex: 'Elixir',
  exs: 'Elixir',
  go: 'Go',
  h: 'C',
  hpp: 'C++',
  hs: 'Haskell',
  html: 'HTML',
  ipynb: 'Jupyter',
  java: 'Java',
  js: 'JavaScript',
  jsx: 'JavaScript',
  kt: 'Kotlin',
  lua: 'Lua',
  mjs: 'JavaScript',
  php: 'PHP',
  pl: 'Perl',
  py: 'Python',
  r: 'R',
  rb: 'Ruby',
  rs: 'Rust',
  scala: 'Scala',
  scss: 'CSS',
  sh: 'Shell',
  sql: 'SQL',
  svelte: 'Svelte',
  swift: 'Swift',
  tf: 'Terraform',
  ts: 'TypeScript',
  tsx: 'TypeScript',
  vue: 'Vue',
  zig: 'Zig',
};

const SHOWN = 3;

/** The languages with the most files: `TypeScript 61 %, CSS 12 %`; '' if none is known. */
export function languagesOf(files: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const file of files) {
    const language = LANGUAGES[/\.([A-Za-z0-9]+)$/.exec(file)?.[1]?.toLowerCase() ?? ''];
    if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([language, count]) => `${language} ${Math.round((100 * count) / files.length)} %`)
    .join(', ');
}
