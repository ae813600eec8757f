import { spawn } from 'node:child_process';

/** A control-mode client of the measurement's own: the least that one can speak to tmux with. */
export interface Control {
  /** Sends one command line; the lines that it printed. Rejects if the client ends first. */
  request(line: string): Promise<readonly string[]>;
  /** Calls back with each notification, `%` left out, until the returned function is called. */
  onNotification(listener: (line: string) => void): () => void;
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

interface Pending {
  readonly nonce: string;
  readonly lines: string[];
  readonly resolve: (lines: readonly string[]) => void;
  readonly reject: (error: Error) => void;
}

export async function openControl(socket: string, session: string, env: Record<string, string>): Promise<Control> {
  const args = ['-L', socket, '-f', '/dev/null', '-C', 'attach-session', '-t', `=${session}`];
  const client = spawn('tmux', [...args, '-f', 'no-output,ignore-size'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const pending: Pending[] = [];
  const listeners = new Set<(line: string) => void>();
  let rest = '';
  let inBlock = false;
  let count = 0;
  const ended = new Promise<void>((resolve) => {
    client.once('close', () => {
      for (const { reject } of pending.splice(0)) reject(new Error('the tmux client ended'));
      resolve();
    });
  });
  client.stdin.on('error', () => undefined);
  client.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });

  function take(line: string): void {
    if (/^%(begin|end|error) \d/.test(line)) inBlock = line.startsWith('%begin');
    else if (inBlock) takeReply(line);
    else for (const listener of listeners) listener(line.slice(1));
  }

  function takeReply(line: string): void {
    const [first] = pending;
    if (line !== first?.nonce) first?.lines.push(line);
    else pending.shift()?.resolve(first.lines);
  }

  const control: Control = {
    request(line) {
      count += 1;
      const nonce = `nonce-${count}-${process.pid}`;
      return new Promise((resolve, reject) => {
        pending.push({ nonce, lines: [], resolve, reject });
        client.stdin.write(`${line}\ndisplay-message -p ${nonce}\n`);
      });
    },
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ended,
    close() {
      client.stdin.end();
      return ended;
    },
  };
  await control.request('display-message -p ready');
  return control;
}

/** In single quotes tmux takes everything as it is. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
