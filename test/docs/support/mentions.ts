/** Command lines of muxlet's that stand in the text of a page, in backticks, tables and headings included. */
export interface Mention {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export function mentionsOf(text: string): readonly Mention[] {
  const blank = (block: string): string => block.replaceAll(/[^\n]/g, '');
  // Fences and comments leave their line breaks behind, so that lines keep their numbers.
  const prose = text.replaceAll(/^ *```[^]*?^ *```$/gm, blank).replaceAll(/<!--[^]*?-->/g, blank);
  return [...prose.matchAll(/(?<!`)`(?!`)(?<code>[^`]+)`/g)].flatMap(({ groups, index }) => {
    // What may be left out stands in brackets.
    const code = (groups?.['code'] ?? '').replaceAll(/\s+/g, ' ').replaceAll('\\|', '|').replaceAll(/[[\]]/g, '');
    const isCommand = /^(?:npx )?muxlet [a-z_]|^npm (?:start|run)\b/.test(code);
    return isCommand ? [{ line: prose.slice(0, index).split('\n').length, text: code }] : [];
  });
}
