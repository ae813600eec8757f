import { stripVTControlCharacters } from 'node:util';

export interface PrintedText {
  /** Never waits; what is too much is dropped. */
  write(chunk: Buffer, place?: 'OnALineOfItsOwn'): void;
  /** @returns the last lines, without secrets */
  end(): Promise<readonly string[]>;
}

/** So much is kept of the beginning, and so much of the end, in bytes. */
const HEAD_BYTES = 512 * 1024;
const TAIL_BYTES = 256 * 1024;
const NEWLINE = 0x0a;
/** What a person, or an agent, is shown of it: lines, and characters of each. */
const SHOWN = { lines: 40, width: 400 } as const;

/**
 * Lines out of what a program prints, however much that is: the beginning as it comes, and the end at the end.
 *
 * @param redact takes secrets out of whole lines
 * @param put told of lines in their order
 */
export function createPrintedText(
  redact: (lines: readonly string[]) => Promise<readonly string[]>,
  put: (lines: readonly string[]) => void,
): PrintedText {
  /** Not put out yet: of the beginning what is no whole line; after it, the end so far. */
  let held: Buffer[] = [];
  let heldBytes = 0;
  let headBytes = 0;
  let lost = 0;
  let endsLine = true;
  let shown: readonly string[] = [];
  let waiting: readonly string[] = [];
  let putting: Promise<void> = Promise.resolve();

  /** What comes while secrets are taken out of what came before goes together: a program may print word by word. */
  function putOut(text: Buffer): void {
    if (waiting.length === 0) putting = putting.then(putWaiting);
    waiting = waiting.concat(linesOf(text));
  }

  async function putWaiting(): Promise<void> {
    const lines = waiting;
    waiting = [];
    const safe = await redact(lines);
    put(safe);
    shown = [...shown, ...safe].slice(-SHOWN.lines);
  }

  function take(): Buffer {
    const all = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return all;
  }

  function hold(chunk: Buffer): void {
    if (chunk.length === 0) return;
    held.push(chunk);
    heldBytes += chunk.length;
  }

  /** Of the beginning, whole lines go out at once. */
  function putLines(): void {
    const all = take();
    const end = all.lastIndexOf(NEWLINE) + 1;
    hold(all.subarray(end));
    if (end === 0) return;
    headBytes += end;
    putOut(all.subarray(0, end));
  }

  /** Of the end, whole chunks go once those after them suffice. */
  function dropOld(): void {
    for (let first = held[0]; first !== undefined && heldBytes - first.length >= TAIL_BYTES; first = held[0]) {
      held.shift();
      heldBytes -= first.length;
      lost += first.length;
    }
  }

  return {
    write(chunk, place) {
      if (chunk.length === 0) return;
      if (place === 'OnALineOfItsOwn' && !endsLine) hold(Buffer.from('\n'));
      hold(chunk);
      endsLine = chunk.at(-1) === NEWLINE;
      if (headBytes + heldBytes <= HEAD_BYTES) putLines();
      else dropOld();
    },
    async end() {
      const rest = take();
      // The first line of what is left has lost its beginning.
      const end = lost === 0 ? rest : rest.subarray(rest.indexOf(NEWLINE) + 1);
      if (lost > 0) putOut(Buffer.from(`[${lost + rest.length - end.length} bytes left out]\n`));
      if (end.length > 0) putOut(end);
      await putting;
      return shown.map((line) => plain(line)).slice(-SHOWN.lines);
    },
  };
}

function linesOf(text: Buffer): string[] {
  return text.toString('utf8').replace(/\n$/, '').split('\n');
}

function plain(line: string): string {
  // A progress bar writes over its own line: what stood there last is what counts.
  const last = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return stripVTControlCharacters(last)
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .slice(0, SHOWN.width);
}
