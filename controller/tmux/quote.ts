/**
 * tmux's own command language: how a word is written so that tmux takes it as it is. The control connection takes one
 * command line per line of input, so a word with a line break in it must not contain one.
 */

// Measured on 3.3a: single quotes carry everything but themselves, control characters and line breaks; double quotes
// decode \n, \r, \t, \e and octal \NNN. Neighbouring pieces join into one word, as in a shell.
const PLAIN = /^[A-Za-z0-9_./:=@+,-]+$/;
const CONTROL = /[\0-\u0008\n-\u001f\u007f]/;

/** One word of a command line. Throws no error: NUL, which no argument can hold, is left out. */
export function quote(word: string): string {
  if (PLAIN.test(word)) return word;
  if (!CONTROL.test(word)) return single(word);
  const pieces = word
    .replaceAll('\0', '')
    .split(/([\u0001-\u0008\n-\u001f\u007f]+)/)
    .filter((piece) => piece !== '')
    .map((piece) => (isControl(piece) ? octal(piece) : single(piece)));
  return pieces.length === 0 ? "''" : pieces.join('');
}

/**
 * A path for -c, which tmux expands as a format: '#' would begin a variable or, as '#(…)', a shell command. Of '##'
 * tmux makes one '#', but it leaves any number of them before '[' as they are (format_expand1: a style).
 */
export function quoteFormat(text: string): string {
  return quote(text.replace(/#+(?!#|\[)/g, (run) => run + run));
}

/** Several commands as one line: tmux runs them in a row without looking at anything else in between. */
export function sequence(commands: readonly (readonly string[])[]): string {
  return commands.map((command) => command.join(' ')).join(' ; ');
}

function isControl(piece: string): boolean {
  return /^[\u0001-\u0008\n-\u001f\u007f]/.test(piece);
}

function octal(piece: string): string {
  return `"${[...piece].map((char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`).join('')}"`;
}

/** A quote ends the text in quotes, stands in quotes of the other kind, and begins it again. */
function single(piece: string): string {
  return `'${piece.replaceAll("'", `'"'"'`)}'`;
}
