export interface InputPorts {
  /** Whole characters and whole escape sequences. */
  keys(text: string): void;
  /** What was pasted, where the terminal says so. */
  paste(text: string): void;
}

export interface InputSplitter {
  push(text: string): void;
  /** What was begun will not be finished. */
  reset(): void;
}

const PASTE_BEGINS = '\u001b[200~';
const PASTE_ENDS = '\u001b[201~';
/** A sequence that is not complete yet; alone it may also be the Escape key. */
const BEGUN = /\u001b(?:\[[0-?]*[ -/]*|O)?$/;
/** Answers and reports of a terminal that nobody asked for here: what it is, where the mouse and the focus are. */
const REPORTS = /\u001b\[(?:[<=>?][0-?]*[ -/]*[@-~]|[IO]|M[\s\S]{3})/g;
/** Over a slow line the parts of one key may come apart by so many milliseconds. */
const ESCAPE_MS = 50;
const MAX_PASTE = 65_536;

/** Tells keys from pasted text, and keeps escape sequences whole however they come. */
export function createInputSplitter({ keys, paste }: InputPorts): InputSplitter {
  let pending = '';
  let pasted: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    const text = pending;
    pending = '';
    if (text !== '') keys(text);
  }

  function typed(text: string): void {
    const whole = text.replace(REPORTS, '');
    pending = BEGUN.exec(whole)?.[0] ?? '';
    const complete = whole.slice(0, whole.length - pending.length);
    if (complete !== '') keys(complete);
    if (pending !== '') timer = setTimeout(flush, ESCAPE_MS);
  }

  /** Gives what comes behind the paste; undefined while it goes on. */
  function pasting(text: string): string | undefined {
    const all = (pasted ?? '') + text;
    const end = all.indexOf(PASTE_ENDS);
    if (end < 0) {
      // The last few may be the beginning of the end.
      pasted = all.length > MAX_PASTE ? all.slice(0, MAX_PASTE) + all.slice(-PASTE_ENDS.length) : all;
      return undefined;
    }
    pasted = undefined;
    paste(all.slice(0, Math.min(end, MAX_PASTE)));
    return all.slice(end + PASTE_ENDS.length);
  }

  return {
    push(chunk) {
      clearTimeout(timer);
      let text: string | undefined = pending + chunk;
      pending = '';
      while (text !== undefined && text !== '') {
        if (pasted !== undefined) {
          text = pasting(text);
          continue;
        }
        const begin: number = text.indexOf(PASTE_BEGINS);
        if (begin < 0) return typed(text);
        if (begin > 0) keys(text.slice(0, begin).replace(REPORTS, ''));
        pasted = '';
        text = text.slice(begin + PASTE_BEGINS.length);
        if (text === '') return;
      }
    },
    reset() {
      clearTimeout(timer);
      pending = '';
      pasted = undefined;
    },
  };
}
