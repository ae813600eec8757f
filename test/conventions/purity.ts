/** Clocks, chance, timers and the process: what a decision is made from is handed in. */
const IMPURE: readonly RegExp[] = [
  /\bDate\.now\b/,
  /\bnew Date(?:\(\s*\)|(?![\w(]))/,
  /(?<![\w.]|new )Date\(/,
  /\bMath\.random\b/,
  /\bperformance\b/,
  /(?<![\w.'])(?:setTimeout|setInterval|setImmediate|queueMicrotask|fetch)\b/,
  /(?<![\w.'])process\.(?:argv|cwd|env|exit|hrtime|kill|memoryUsage|nextTick|on|once|pid|platform|uptime)\b/,
  /(?<![\w.'])crypto\./,
  /\brandom(?:UUID|Bytes|Int)\b/,
];

/** Lines of a source that reach for what is not handed in, as `line: text`; comments do not count. */
export function impureLines(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''));
  return code.split('\n').flatMap((line, index) => {
    const text = line.replace(/(^|\s)\/\/.*$/, '');
    return IMPURE.some((pattern) => pattern.test(text)) ? [`${index + 1}: ${text.trim()}`] : [];
  });
}
