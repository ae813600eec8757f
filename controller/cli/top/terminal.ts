import { PassThrough } from 'node:stream';
import type { Size } from './scene.ts';
import { createScreen, type ScreenPorts } from './screen.ts';
import { createInputSplitter } from './split-input.ts';

/** The person's terminal, ours for a while, and theirs again as it was whatever ends that. */
export interface Terminal {
  /** What the terminal library writes to and reads from. */
  readonly stdout: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  size(): Size;
  /** Takes the terminal: another screen, keys as they are pressed. */
  enter(): void;
  /** Gives it back. May be called at any time, and again. */
  leave(): void;
  /** Draws everything again. */
  redraw(): void;
  /** Stands still as any program does at Ctrl-Z, until it is continued. */
  stop(): void;
  /** Gives the terminal to something else, for as long as that takes. */
  lend<T>(use: () => Promise<T>): Promise<T>;
  /** Gives the terminal back for good, and hears nothing any more. */
  close(): void;
}

export interface TerminalEvents extends Pick<ScreenPorts, 'places' | 'drawn'> {
  resized(): void;
  /** Nothing stands on the screen any more. */
  blanked(): void;
  pasted(text: string): void;
  /** Somebody asks for the end, or nobody is there any more; with what to exit with. */
  ended(code: number): void;
}

/** The other screen, without wrapping, cursor hidden, pasted text marked, all of it blank. */
const ENTER = '\u001b[?1049h\u001b[?7l\u001b[?25l\u001b[?2004h\u001b[0m\u001b[2J';
const LEAVE = '\u001b[0m\u001b[?2004l\u001b[?25h\u001b[?7h\u001b[?1049l';

/** Their numbers make the exit code, as a shell tells it. SIGINT and SIGTERM are the program's own. */
const ENDING = { SIGHUP: 1, SIGQUIT: 3, SIGABRT: 6, SIGUSR2: 12, SIGALRM: 14, SIGXCPU: 24, SIGVTALRM: 26 } as const;

export function openTerminal({ stdin, stdout }: NodeJS.Process, events: TerminalEvents): Terminal {
  const size = (): Size => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const screen = createScreen({ size, write, places: events.places, drawn: events.drawn });
  const keys = libraryInput();
  const splitter = createInputSplitter({ keys: (text) => keys.write(text), paste: events.pasted });
  let isOurs = false;
  let isClosed = false;

  function write(text: string): void {
    try {
      stdout.write(text);
    } catch {
      // The terminal is gone, which its end tells as well.
    }
  }

  function raw(on: boolean): void {
    try {
      stdin.setRawMode(on);
    } catch {
      if (on) events.ended(ENDING.SIGHUP + 128);
    }
  }

  function enter(): void {
    if (isOurs || isClosed) return;
    isOurs = true;
    raw(true);
    stdin.setEncoding('utf8').on('data', heard).resume();
    write(ENTER);
    screen.show(true);
    events.blanked();
  }

  function leave(): void {
    if (!isOurs) return;
    isOurs = false;
    screen.show(false);
    splitter.reset();
    // Paused, it reads nothing that is typed to whoever has the terminal next.
    stdin.off('data', heard).pause();
    write(LEAVE);
    raw(false);
  }

  function heard(chunk: string | Buffer): void {
    splitter.push(String(chunk));
  }

  function redraw(): void {
    if (!isOurs) return;
    write('\u001b[2J');
    events.blanked();
  }

  function stopBy(pid: number): void {
    const wasOurs = isOurs;
    leave();
    // With nobody listening the signal does what it always does. Where none could continue us, that is nothing.
    process.off('SIGTSTP', stopAlone);
    process.kill(pid, 'SIGTSTP');
    process.on('SIGTSTP', stopAlone);
    if (wasOurs) enter();
  }

  function stopAlone(): void {
    stopBy(process.pid);
  }

  /** Stopped by what nobody hears (SIGSTOP), the shell has set the terminal as it likes it. */
  function continued(): void {
    if (!isOurs) return;
    raw(false);
    raw(true);
    write(ENTER);
    redraw();
  }

  function resized(): void {
    redraw();
    events.resized();
  }

  const hungUp = (): void => events.ended(128 + ENDING.SIGHUP);
  const signals = Object.entries(ENDING).map(([name, number]) => ({
    name: name as keyof typeof ENDING,
    hear: () => events.ended(128 + number),
  }));
  for (const { name, hear } of signals) process.on(name, hear);
  process.on('SIGTSTP', stopAlone);
  process.on('SIGCONT', continued);
  // Before a crash is told: on the other screen nobody would see it.
  process.on('uncaughtExceptionMonitor', leave);
  process.on('exit', leave);
  stdout.on('resize', resized);
  for (const event of ['end', 'error', 'close'] as const) stdin.on(event, hungUp);

  return {
    stdout: screen.stream,
    stdin: keys as unknown as NodeJS.ReadStream,
    size,
    enter,
    leave,
    redraw,
    // The whole job, as the terminal itself would have done it: npx and npm wait in front of us.
    stop: () => stopBy(0),
    async lend(use) {
      leave();
      try {
        return await use();
      } finally {
        enter();
      }
    },
    close() {
      leave();
      isClosed = true;
      for (const { name, hear } of signals) process.off(name, hear);
      process.off('SIGTSTP', stopAlone);
      process.off('SIGCONT', continued);
      process.off('uncaughtExceptionMonitor', leave);
      process.off('exit', leave);
      stdout.off('resize', resized);
      for (const event of ['end', 'error', 'close'] as const) stdin.off(event, hungUp);
      stdin.unref();
    },
  };
}

/** Keys for the library, which sees no terminal: it could not let go of one for as long as another program has it. */
function libraryInput(): PassThrough {
  const nothing = () => undefined;
  return Object.assign(new PassThrough(), { isTTY: true, setRawMode: nothing, ref: nothing, unref: nothing });
}
