import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

export interface Ran {
  readonly code: number;
  /** Both streams, as a terminal shows them. */
  readonly output: string;
}

/** The shell of somebody who reads a page: directory, variables and functions stay from one command to the next. */
export interface Shell {
  /** Runs a command to its end. */
  run(text: string, timeoutMs?: number): Promise<Ran>;
  end(): void;
}

/** @param beforehand functions that it knows */
export function openShell(env: Record<string, string>, cwd: string, beforehand: string): Shell {
  const child = spawn('bash', ['--noprofile', '--norc'], { env, cwd, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let hasEnded = false;
  child.once('exit', () => {
    hasEnded = true;
  });
  // What is typed after its end is told by the next command.
  child.stdin.on('error', () => undefined).write(`${beforehand}\n`);
  let output = '';
  let listener = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      listener();
    });
  }
  return {
    run: (text, timeoutMs = 30_000) =>
      new Promise((resolve, reject) => {
        if (hasEnded) {
          reject(new Error(`there is no shell any more for: ${text}`));
          return;
        }
        const mark = randomBytes(8).toString('hex');
        const timer = setTimeout(() => {
          endGroup(child);
          reject(new Error(`not within ${timeoutMs} ms: ${text}\n${output}`));
        }, timeoutMs);
        const gone = (): void => {
          clearTimeout(timer);
          reject(new Error(`the shell ended: ${text}\n${output}`));
        };
        child.once('exit', gone);
        output = '';
        listener = () => {
          const ended = new RegExp(`^${mark} (?<code>\\d+)$`, 'm').exec(output);
          if (ended === null) return;
          clearTimeout(timer);
          child.off('exit', gone);
          listener = () => undefined;
          resolve({ code: Number(ended.groups?.['code']), output: output.slice(0, ended.index) });
        };
        // Both streams in one, so that they come in order; no input, as of a command that nobody answers.
        child.stdin.write(`{ ${text}\n} </dev/null 2>&1; printf '\\n%s %d\\n' ${mark} $?\n`);
      }),
    end: () => endGroup(child),
  };
}

function endGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid ?? 0), 'SIGKILL');
  } catch {
    // It has ended.
  }
}
