import type { Companion } from '../exec/keep-running.ts';
import { createControlParser } from './control-parser.ts';
import type { Reply, TmuxChannel } from './reply.ts';

export interface ControlConnection extends TmuxChannel {
  readonly pid: number | undefined;
  /** Settles once tmux has taken us in: 'Attached', or 'Ended' if it refused or went away first. */
  readonly opened: Promise<'Attached' | 'Ended'>;
  readonly ended: Promise<void>;
  close(): void;
}

export interface ConnectionHooks {
  readonly onNotification: (name: string, rest: string) => void;
  /** `ms` from writing the line to the last line of its answer. */
  readonly onReply: (reply: Reply, ms: number) => void;
  readonly now: () => number;
  readonly after: (ms: number, callback: () => void) => () => void;
}

interface Pending {
  readonly nonce: string;
  readonly lines: string[];
  readonly startedAt: number;
  error: string | undefined;
  settle: ((reply: Reply) => void) | undefined;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const CUT_OFF: Reply = { type: 'Unreachable', error: 'the connection to tmux ended' };

/**
 * Speaks to a `tmux -C` client. tmux answers with one block per command, not per line, and drops the rest of a line
 * after an error; so each line is followed by one that prints a nonce, and everything up to the nonce is its answer.
 * An answer that comes after its deadline is thrown away, and the order stays right.
 */
export function openControlConnection(client: Companion, hooks: ConnectionHooks): ControlConnection {
  const parse = createControlParser();
  const pending: Pending[] = [];
  const salt = Math.random().toString(36).slice(2);
  let counter = 0;
  let rest = '';
  let alive = true;
  let announceOpen: (state: 'Attached' | 'Ended') => void = () => undefined;
  const opened = new Promise<'Attached' | 'Ended'>((resolve) => {
    announceOpen = resolve;
  });

  client.stdout.setEncoding('utf8');
  client.stdout.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  client.stderr.resume();
  const ended = client.ended.then(() => {
    alive = false;
    announceOpen('Ended');
    // Not 'Gone': a client that was killed says nothing of its server, and 'Gone' would mean that no agent lives.
    for (const request of pending.splice(0)) settle(request, CUT_OFF);
  });

  function take(line: string): void {
    const message = parse(line);
    if (message === undefined) return;
    if (message.type === 'Notification') {
      if (message.name === 'session-changed') announceOpen('Attached');
      hooks.onNotification(message.name, message.rest);
      return;
    }
    const first = pending[0];
    if (first === undefined) return; // the block that answers the attach itself
    if (message.lines.length === 1 && message.lines[0] === first.nonce) {
      pending.shift();
      settle(first, answer(first));
      return;
    }
    if (message.failed) first.error ??= message.lines.join('\n');
    else first.lines.push(...message.lines);
  }

  function answer({ error, lines }: Pending): Reply {
    return error === undefined ? { type: 'Done', lines } : { type: 'Refused', error, lines };
  }

  function settle(request: Pending, reply: Reply): void {
    const resolve = request.settle;
    request.settle = undefined;
    if (resolve === undefined) return;
    hooks.onReply(reply, hooks.now() - request.startedAt);
    resolve(reply);
  }

  return {
    pid: client.pid,
    opened,
    ended,
    request(line, timeoutMs = DEFAULT_TIMEOUT_MS) {
      if (!alive) return Promise.resolve(CUT_OFF);
      counter += 1;
      const nonce = `muxlet-${salt}-${counter}`;
      return new Promise<Reply>((resolve) => {
        const cancel = hooks.after(timeoutMs, () => {
          settle(request, { type: 'Unresponsive', error: `tmux did not answer within ${timeoutMs} ms` });
        });
        const request: Pending = {
          nonce,
          lines: [],
          startedAt: hooks.now(),
          error: undefined,
          settle: (reply) => {
            cancel();
            resolve(reply);
          },
        };
        pending.push(request);
        client.stdin.write(`${line}\ndisplay-message -p ${nonce}\n`);
      });
    },
    close() {
      client.stdin.end();
    },
  };
}
