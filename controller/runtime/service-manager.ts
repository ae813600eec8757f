/**
 * What a service manager is told of us (sd_notify(3)): that we are ready, how it stands, that we live, that we end.
 * That we live is proved by turns of the loop and by nothing else: a timer that goes on while the loop hangs would keep
 * a controller that does nothing from being started anew.
 */
export interface ServiceManagerOptions {
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Says assignments like READY=1. Never rejects: who does not hear us restarts us, and that is all. */
  readonly tell: (assignments: readonly string[]) => Promise<void>;
  /** So long we may be silent, in milliseconds; undefined: nobody watches. */
  readonly watchdogMs: number | undefined;
  /** Another number after each turn of the loop: what /healthz goes by. */
  readonly lastTurn: () => number;
  /** Whether every object was looked at since the start. */
  readonly isSynced: () => boolean;
  /** How it stands, in one line. */
  readonly status: () => string;
}

/** How often it is looked whether all is in hand, in milliseconds. */
const LOOK_MS = 200;
/** A start that goes on is given so much more time, so often. */
const EXTEND_MS = { every: 10_000, by: 120_000 } as const;
/** One object that cannot be worked on does not keep the others' controller from being ready for longer. */
const READY_ANYHOW_MS = 300_000;
/** How often the line is said anew where nobody watches, in milliseconds. */
const STATUS_MS = 30_000;
/** Words within the time that a watchdog allows: one may get lost, and one may be late. */
const PINGS = 4;

/**
 * Who allows less, in milliseconds, ends a controller that is well: from one word to the next there are a turn (4.4 s, and
 * 5 s more while tmux gives no answer) and a quarter of that time; half as much again for a machine that is busy.
 */
export const LEAST_WATCHDOG_MS = 20_000;

/** Runs until the signal, then says that we end. Never rejects. */
export async function tellServiceManager(options: ServiceManagerOptions, signal: AbortSignal): Promise<void> {
  await untilReady(options, signal);
  if (!signal.aborted) await whileRunning(options, signal);
  await options.tell(['STOPPING=1', 'STATUS=ending; the agents go on']);
}

async function untilReady({ after, tell, lastTurn, isSynced, status }: ServiceManagerOptions, signal: AbortSignal) {
  let turn = lastTurn();
  for (let waited = 0; !isSynced() && waited < READY_ANYHOW_MS; waited += LOOK_MS) {
    if (waited % EXTEND_MS.every === EXTEND_MS.every - LOOK_MS && lastTurn() !== turn) {
      turn = lastTurn();
      await tell([`EXTEND_TIMEOUT_USEC=${EXTEND_MS.by * 1000}`, `STATUS=starting: ${status()}`]);
    }
    await pause(LOOK_MS, after, signal);
    if (signal.aborted) return;
  }
  await tell(['READY=1', `STATUS=${status()}`]);
}

async function whileRunning(options: ServiceManagerOptions, signal: AbortSignal): Promise<void> {
  const { after, tell, watchdogMs, lastTurn, status } = options;
  const everyMs = watchdogMs === undefined ? STATUS_MS : watchdogMs / PINGS;
  let turn = lastTurn();
  let said = status();
  for (;;) {
    await pause(everyMs, after, signal);
    if (signal.aborted) return;
    const next = lastTurn();
    const line = next === turn ? 'the loop hangs' : status();
    const words = [
      ...(next !== turn && watchdogMs !== undefined ? ['WATCHDOG=1'] : []),
      ...(line === said ? [] : [`STATUS=${line}`]),
    ];
    turn = next;
    said = line;
    if (words.length > 0) await tell(words);
  }
}

function pause(ms: number, after: ServiceManagerOptions['after'], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = after(ms, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
