export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'bold' | 'dim';

const CODES: Readonly<Record<Colour, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export type Paint = (colour: Colour, text: string) => string;

/** Colours text for a terminal; elsewhere, or where NO_COLOR is set (https://no-color.org), it returns it as it is. */
export function paintFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  const noColour = env['NO_COLOR'];
  const plain = !isTerminal || (noColour !== undefined && noColour !== '') || env['TERM'] === 'dumb';
  if (plain) return (_, text) => text;
  return (colour, text) => {
    const [open, close] = CODES[colour];
    return `\u001b[${open}m${text}\u001b[${close}m`;
  };
}
