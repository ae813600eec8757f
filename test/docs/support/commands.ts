import type { Block } from './blocks.ts';

/** One command of a page, as a reader types it. */
export interface ShownCommand {
  /** From 1, in the page. */
  readonly line: number;
  /** For a shell; several lines where it goes on or holds a here-document. */
  readonly text: string;
  /** What the page shows of its output; undefined where it shows none. */
  readonly output?: readonly string[];
}

/** Whether a block holds what a reader is to type. A `sh` block that begins with `#!` is a file. */
export function isTerminal({ language, lines }: Pick<Block, 'language' | 'lines'>): boolean {
  if (language === 'console') return true;
  return language === 'sh' && !(lines[0] ?? '').startsWith('#!');
}

/**
 * The commands of a block: in `console`, what stands behind `$ ` (and, right below, behind `> `), each with the lines up to
 * the next one as its output; in `sh`, every line.
 */
export function commandsOf(block: Block): readonly ShownCommand[] {
  if (!isTerminal(block) || block.file !== undefined) return [];
  return block.language === 'console' ? inConsole(block) : inScript(block);
}

function inConsole({ lines, line }: Block): readonly ShownCommand[] {
  const commands: { line: number; text: string; output: string[] }[] = [];
  for (const [index, text] of lines.entries()) {
    const last = commands.at(-1);
    if (text.startsWith('$ ')) commands.push({ line: line + 1 + index, text: text.slice(2), output: [] });
    else if (last === undefined) throw new Error(`line ${line + 1 + index} comes before any '$ '`);
    else if (text.startsWith('> ') && last.output.length === 0) last.text += `\n${text.slice(2)}`;
    else last.output.push(text);
  }
  return commands.map(({ output, ...command }) => {
    const shown = output.join('\n').trimEnd();
    return shown === '' ? command : { ...command, output: shown.split('\n') };
  });
}

function inScript({ lines, line }: Block): readonly ShownCommand[] {
  const commands: { line: number; text: string }[] = [];
  for (const [index, text] of lines.entries()) {
    const last = commands.at(-1);
    if (last !== undefined && isOpen(last.text)) last.text += `\n${text}`;
    else if (text.trim() !== '' && !text.trimStart().startsWith('#')) commands.push({ line: line + 1 + index, text });
  }
  return commands;
}

/** Whether a command of a script goes on in the next line: a backslash at its end, a loop, or a here-document that has not ended. */
function isOpen(text: string): boolean {
  const lines = text.split('\n');
  const here = /<<-?\s*['"]?(?<word>\w+)['"]?/.exec(text)?.groups?.['word'];
  if (here !== undefined && !lines.slice(1).includes(here)) return true;
  const loops = lines.filter((line) => /^\s*(?:for|while|until)\b.*\bdo$/.test(line)).length;
  return text.endsWith('\\') || loops > lines.filter((line) => /^\s*done\b/.test(line)).length;
}
