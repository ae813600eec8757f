import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWorkQueue, type WorkQueue } from '../../controller/queue/work-queue.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

const START = 1_000_000;
const BASE_MS = 8;
const CAP_MS = 50;

/** The queue as one would explain it: lists, searched from the front. */
interface Model {
  now: number;
  ready: string[];
  /** Added at leisure, and not otherwise since. */
  leisurely: string[];
  /** While keys stand in both. */
  takes: number;
  /** Added while being worked on; true: at leisure. */
  again: Map<string, boolean>;
  /** Waits for its backoff. */
  retried: Set<string>;
  /** What takers have been given. */
  given: string[];
  latest: Record<string, number>;
  processing: string[];
  delayed: { key: string; at: number }[];
  failures: Record<string, number>;
  isShutDown: boolean;
  takers: number;
}

interface Real {
  readonly clock: FakeClock;
  readonly queue: WorkQueue<string>;
  /** What takes resolved with and the commands have not yet looked at. */
  readonly came: (string | undefined)[];
}

function modelAdd(model: Model, key: string, atLeisure = false): void {
  if (model.isShutDown) return;
  model.latest[key] = model.now;
  if (model.processing.includes(key)) model.again.set(key, atLeisure && model.again.get(key) !== false);
  else if (model.leisurely.includes(key) && !atLeisure) {
    model.leisurely = model.leisurely.filter((other) => other !== key);
    model.ready.push(key);
  } else if (!model.ready.includes(key) && !model.leisurely.includes(key)) {
    (atLeisure ? model.leisurely : model.ready).push(key);
  }
  serve(model);
}

function serve(model: Model): void {
  while (model.takers > 0 && model.ready.length + model.leisurely.length > 0) {
    if (model.ready.length > 0 && model.leisurely.length > 0) model.takes++;
    const isTurn = model.leisurely.length > 0 && model.takes % 12 === 0;
    const key = (isTurn || model.ready.length === 0 ? model.leisurely : model.ready).shift() ?? '';
    model.takers--;
    model.processing.push(key);
    model.given.push(`${key}@${model.latest[key]}`);
  }
}

function modelAddAfter(model: Model, key: string, delayMs: number): void {
  if (model.isShutDown) return;
  const at = model.now + delayMs;
  const known = model.delayed.find((entry) => entry.key === key);
  if (known === undefined) model.delayed.push({ key, at });
  else known.at = Math.min(known.at, at);
}

/** Serves waiting takers, lets the real promises settle, and compares. */
async function settle(model: Model, real: Real): Promise<void> {
  serve(model);
  await Promise.resolve();
  await Promise.resolve();
  expect(real.came.splice(0)).toEqual(model.given.splice(0));
  expect(new Set(model.processing).size).toBe(model.processing.length);
  const waiting = model.ready.length + model.leisurely.length;
  expect(real.queue.length).toBe(waiting);
  expect(real.queue.figures()).toMatchObject({
    depth: waiting + model.again.size,
    processing: model.processing.length,
    delayed: model.delayed.length,
  });
}

type Command = fc.AsyncCommand<Model, Real>;

function command(name: string, check: (model: Model) => boolean, run: (model: Model, real: Real) => void): Command {
  return {
    check,
    async run(model, real) {
      run(model, real);
      await settle(model, real);
    },
    toString: () => name,
  };
}

const always = () => true;
const keys = fc.constantFrom('a', 'b', 'c', 'd');

const commands = [
  keys.map((key) =>
    command(`add ${key}`, always, (model, { queue }) => {
      modelAdd(model, key);
      queue.add(key);
    }),
  ),
  keys.map((key) =>
    command(`add ${key} at leisure`, always, (model, { queue }) => {
      modelAdd(model, key, true);
      queue.addAtLeisure(key);
    }),
  ),
  fc.tuple(keys, fc.integer({ min: 1, max: 60 })).map(([key, ms]) =>
    command(`add ${key} after ${ms}`, always, (model, { queue }) => {
      modelAddAfter(model, key, ms);
      queue.addAfter(key, ms);
    }),
  ),
  keys.map((key) =>
    command(`retry ${key}`, always, (model, { queue }) => {
      const failures = model.failures[key] ?? 0;
      model.failures[key] = failures + 1;
      const pause = Math.min(CAP_MS, BASE_MS * 2 ** failures);
      modelAddAfter(model, key, pause);
      model.retried.add(key);
      expect(queue.retryLater(key)).toBe(pause);
    }),
  ),
  keys.map((key) =>
    command(`forget ${key}`, always, (model, { queue }) => {
      delete model.failures[key];
      queue.forget(key);
    }),
  ),
  fc.constant(
    command(
      'take',
      (model) => !model.isShutDown,
      (model, { queue, came }) => {
        model.takers++;
        void queue.take().then((taken) => came.push(taken && `${taken.key}@${taken.addedAt}`));
      },
    ),
  ),
  keys.map((key) =>
    command(
      `done ${key}`,
      (model) => model.processing.includes(key),
      (model, { queue }) => {
        model.processing = model.processing.filter((other) => other !== key);
        const atLeisure = model.again.get(key);
        model.again.delete(key);
        if (atLeisure !== undefined) (atLeisure ? model.leisurely : model.ready).push(key);
        queue.done(key);
      },
    ),
  ),
  fc.integer({ min: 0, max: 40 }).map((ms) =>
    command(`wait ${ms}`, always, (model, { clock }) => {
      const until = model.now + ms;
      // Equal times come in no order that is promised, so the model takes the order of first scheduling, as the queue.
      for (const { key, at } of model.delayed.filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at)) {
        model.now = at;
        model.delayed = model.delayed.filter((entry) => entry.key !== key);
        modelAdd(model, key, !model.retried.delete(key));
      }
      model.now = until;
      clock.advance(ms);
    }),
  ),
];

function setUp() {
  const clock = createFakeClock(START);
  const backoff = { baseMs: BASE_MS, capMs: CAP_MS, jitter: 0 };
  const real: Real = { clock, queue: createWorkQueue<string>({ clock, random: () => 0, backoff }), came: [] };
  const model: Model = {
    now: START,
    ready: [],
    leisurely: [],
    takes: 0,
    again: new Map(),
    retried: new Set(),
    given: [],
    latest: {},
    processing: [],
    delayed: [],
    failures: {},
    isShutDown: false,
    takers: 0,
  };
  return { model, real };
}

test('the queue does what its model does: no key twice at once, no add lost, first come first served', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 80 }), async (list) => {
      await fc.asyncModelRun(setUp, list);
    }),
    { numRuns: 300 },
  );
});

test('everything that was added is worked on in the end, however the workers interleave', async () => {
  const plan = fc.array(fc.record({ key: keys, delayMs: fc.integer({ min: 0, max: 20 }) }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(plan, fc.integer({ min: 1, max: 4 }), async (adds, workers) => {
      const { real } = setUp();
      const { clock, queue } = real;
      const working = new Set<string>();
      const lastSeen = new Map<string, number>();
      const work = async () => {
        for (let taken = await queue.take(); taken !== undefined; taken = await queue.take()) {
          expect(working.has(taken.key)).toBe(false);
          working.add(taken.key);
          lastSeen.set(taken.key, clock.now());
          await Promise.resolve();
          working.delete(taken.key);
          queue.done(taken.key);
        }
      };
      const running = Array.from({ length: workers }, work);
      const lastAdded = new Map<string, number>();
      for (const { key, delayMs } of adds) {
        queue.addAfter(key, delayMs);
        lastAdded.set(key, clock.now());
        clock.advance(3);
        await Promise.resolve();
      }
      clock.advance(100);
      for (let turns = 0; turns < 1_000 && queue.figures().depth > 0; turns++) await Promise.resolve();
      expect(queue.figures()).toMatchObject({ depth: 0, delayed: 0 });
      queue.shutDown();
      await Promise.all(running);
      for (const [key, at] of lastAdded) expect(lastSeen.get(key)).toBeGreaterThanOrEqual(at);
    }),
    { numRuns: 100 },
  );
});
