import { MuxletError } from '../../api/errors.ts';

/** Words of a command line in a unit (systemd.service(5), COMMAND LINES): neither specifiers nor variables come true. */
export function quoteCommand([program = '', ...args]: readonly string[]): string {
  // In the program's own path variables are not looked for.
  return [quoteWord(program), ...args.map((word) => quoteWord(word).replaceAll('$', '$$$$'))].join(' ');
}

/** An assignment for Environment= (systemd.exec(5)), in which `$` means itself. */
export function quoteAssignment(name: string, value: string): string {
  return `"${escaped(`${name}=${value}`)}"`;
}

/** Words that need no quotes. `;` alone would begin another command. */
const PLAIN = /^[A-Za-z0-9_/.:,=@+-]+$/;

function quoteWord(word: string): string {
  return PLAIN.test(word) ? word : `"${escaped(word)}"`;
}

function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw new MuxletError('MUX_USAGE', `${JSON.stringify(text)} has control characters, and cannot stand in a unit`);
  }
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%');
}
