import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * What a page of Markdown shows between fences, and what its comments say of it. These marks are all there are:
 *
 * - `<!-- not run: WHY -->` before a fence: its commands are only parsed.
 * - `<!-- page not run: WHY -->`: so are those of the whole page.
 * - `<!-- before: COMMANDS -->` before a fence: what is run, unseen, before it.
 * - `<!-- file: PATH -->` before a fence: its text is a file there, as the text around it says.
 */
export interface Block {
  readonly page: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  /** The word behind the fence; empty if there is none. */
  readonly language: string;
  /** Between the fences, less the indentation of the fence. */
  readonly lines: readonly string[];
  /** Why nothing of it is run. */
  readonly notRun?: string;
  readonly before?: string;
  readonly file?: string;
}

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** README.md and all pages below docs/, as paths from the root; sorted. */
export function pagePaths(): readonly string[] {
  const pages = readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`);
  return ['README.md', ...pages.sort()];
}

export function readPage(page: string): string {
  return readFileSync(`${ROOT}${page}`, 'utf8');
}

const FENCE = /^(?<indent> *)```(?<language>[^\s`]*)\s*$/;

/** All fenced blocks of a page, in their order. */
export function blocksOf(text: string, page: string): readonly Block[] {
  const pageNotRun = /^<!-- page not run: (?<why>[^>]+?) -->$/m.exec(text)?.groups?.['why'];
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let from = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const fence = FENCE.exec(lines[at] ?? '')?.groups;
    if (fence === undefined) continue;
    const indent = fence['indent'] ?? '';
    const end = lines.findIndex((line, index) => index > at && line === `${indent}\`\`\``);
    if (end < 0) throw new Error(`${page}:${at + 1}: the fence is not closed`);
    const inside = lines.slice(at + 1, end);
    const marks = { ...(pageNotRun !== undefined && { notRun: pageNotRun }), ...marksBefore(lines.slice(from, at)) };
    blocks.push({
      page,
      line: at + 1,
      language: fence['language'] ?? '',
      lines: inside.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)),
      ...marks,
    });
    at = end;
    from = end + 1;
  }
  return blocks;
}

/** The comments that stand right before a fence, with nothing but blank lines between. */
function marksBefore(lines: readonly string[]): Partial<Pick<Block, 'notRun' | 'before' | 'file'>> {
  const tail = /(?:<!--(?:(?!-->)[^])*-->\s*)+$/.exec(lines.join('\n'))?.[0] ?? '';
  const marks: { notRun?: string; before?: string; file?: string } = {};
  for (const { groups } of tail.matchAll(/<!-- (?<name>not run|before|file):\s+(?<value>[^]*?)\s*-->/g)) {
    const value = groups?.['value'] ?? '';
    if (groups?.['name'] === 'not run') marks.notRun = value;
    if (groups?.['name'] === 'before') marks.before = value;
    if (groups?.['name'] === 'file') marks.file = value;
  }
  return marks;
}
