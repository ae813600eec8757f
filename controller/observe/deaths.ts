import { supervise } from '../exec/supervise.ts';
import { MARKS } from '../tmux/marks.ts';
import { quote } from '../tmux/quote.ts';
import type { EyeServer } from './tmux-eyes.ts';

export interface DeathWatchOptions {
  readonly servers: () => readonly EyeServer[];
  readonly now: () => number;
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Whether the system tells of ends by itself: then this is what finds those that were not told. */
  readonly isTold: () => boolean;
  /** Told once of each run's end. */
  readonly onDeath: (project: string) => void;
}

// No notification tells that a pane died under remain-on-exit, so tmux is asked: 0.2 ms at 100 panes, 2.5 ms at 1,000.
const FASTEST_MS = 80;
/** The pause is so many times what the question cost: it takes less than 2 % of a core, and 0.25 % where ends are told. */
const PAUSE = { perCost: 60, slowestMs: 1000 } as const;
const PAUSE_WHERE_TOLD = { perCost: 400, slowestMs: 3000 } as const;
/** Milliseconds that a server has to answer. */
const TIMEOUT_MS = 5000;

const DEAD = `#{&&:#{pane_dead},#{${MARKS.pane}}}`;
const LINE = `list-panes -a -f ${quote(DEAD)} -F ${quote(`#{pane_pid} #{${MARKS.pane}}`)}`;

export interface DeathWatch {
  /** Asks all servers, again and again, until the signal. */
  start(signal: AbortSignal): void;
}

/** Asks the servers which of our panes have died; a hint only, whoever hears it looks for himself. */
export function createDeathWatch({ servers, now, after, isTold, onDeath }: DeathWatchOptions): DeathWatch {
  const seen = new Map<string, ReadonlySet<string>>();

  /** @returns milliseconds that it took. */
  async function ask(server: EyeServer): Promise<number> {
    const startedAt = now();
    const reply = await server.request(LINE, TIMEOUT_MS);
    const cost = now() - startedAt;
    if (reply.type !== 'Done') return cost;
    const before = seen.get(server.name);
    const dead = new Set(reply.lines);
    seen.set(server.name, dead);
    for (const line of dead) {
      const project = line.split(' ')[3];
      if (before?.has(line) !== true && project !== undefined) onDeath(project);
    }
    return cost;
  }

  async function round(signal: AbortSignal): Promise<void> {
    const costs = await Promise.all(servers().map(ask));
    if (signal.aborted) return;
    // Servers answer side by side: together they cost no more than the sum.
    const cost = costs.reduce((sum, one) => sum + one, 0);
    const { perCost, slowestMs } = isTold() ? PAUSE_WHERE_TOLD : PAUSE;
    const cancel = after(Math.min(Math.max(cost * perCost, FASTEST_MS), slowestMs), () => {
      signal.removeEventListener('abort', cancel);
      supervise(round(signal));
    });
    signal.addEventListener('abort', cancel, { once: true });
  }

  return {
    start(signal) {
      supervise(round(signal));
    },
  };
}
