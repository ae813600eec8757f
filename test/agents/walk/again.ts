// Walks the quick steps of one class again and again, each time in a fresh world, until enough transitions were seen for
// a figure that means something. What waits for minutes is left out.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelApi, startModelApi } from '../model-api/start-model-api.ts';
import type { StepName } from './step-name.ts';
import { begin } from './steps/start.ts';
import { STEPS, type Step } from './steps.ts';
import { linesOf, type Outcome, say, storyOf, tallyOf } from './summary.ts';
import { openWalk, type Walk } from './walk.ts';
import type { WalkedClass } from './walked-class.ts';

/** Agents wait most of the time: so many at once do not yet wait for one another. */
const LANES = { light: 3, heavy: 2 } as const;
/** To start is what takes most of a processor: what may be is walked so often in one conversation. */
const LAPS = 3;
/** One transition takes a second or two, and one that fails up to its deadline. */
const MS_A_TRANSITION = 10_000;
/** Where the program cannot even be started, one after the other would fail. */
const MOST_FAILURES = 10;

type NamedStep = readonly [StepName, Step];
/** What one world is walked through: the steps of one conversation, or one that has a world of its own. */
type Tour = readonly NamedStep[];

export function walkAgain(walked: WalkedClass, wanted: number): void {
  const tours = toursOf(walked);
  const walks: Walk[] = [];
  const results: Outcome[] = [];
  let api: ModelApi;
  const failures: string[] = [];
  let toured = 0;
  let opened = 0;
  const seen = () => tallyOf(walks).latencies.length;
  /** One program starts at a time: that keeps a core busy. */
  let starts: Promise<unknown> = Promise.resolve();
  const inTurn = (start: () => Promise<void>) => {
    const mine = starts.then(start);
    starts = mine.catch(() => undefined);
    return mine;
  };

  const isOver = () => seen() >= wanted || failures.length >= MOST_FAILURES;

  async function tour(steps: Tour): Promise<void> {
    let left = steps;
    while (left.length > 0 && !isOver()) left = await stretch(left);
  }

  /** In a world of its own up to the first step that fails; gives those behind it. */
  async function stretch(steps: Tour): Promise<Tour> {
    const first = steps[0]?.[1];
    opened += 1;
    const walk = await openWalk(walked, api, `again${opened}`, first?.alone === 'account');
    walks.push(walk);
    try {
      if (first?.begins === undefined) await inTurn(() => begin(walk));
      for (const [index, [name, step]] of steps.entries()) {
        if (isOver()) return [];
        tidy(walk);
        if (!(await isWalked(name, step, walk))) return steps.slice(index + 1);
      }
      return [];
    } finally {
      await walk.close();
      say(`${walked.name}: ${seen()} transitions`);
    }
  }

  async function isWalked(name: StepName, step: Step, walk: Walk): Promise<boolean> {
    const begun = performance.now();
    const outcome = (result: string) => results.push({ step: name, result, ms: performance.now() - begun });
    try {
      await step.run(walk);
      outcome('ok');
      return true;
    } catch (error) {
      outcome('FAILED');
      failures.push(`${name}: ${String(error)}`);
      say(`${name}: ${String(error)}\n${storyOf(walk)}`);
      return false;
    }
  }

  async function lane(): Promise<void> {
    while (!isOver()) {
      const next = tours[toured % tours.length] ?? [];
      toured += 1;
      await tour(next).catch((error: unknown) => failures.push(String(error)));
    }
  }

  describe(`${walked.name} under muxlet, again and again`, () => {
    beforeAll(async () => {
      api = await startModelApi();
    });
    afterAll(async () => {
      await api.close();
      say(linesOf(walked.name, summed(results), tallyOf(walks)));
    });
    test(
      `of ${wanted} transitions none is shown that is not true`,
      async () => {
        await Promise.all(Array.from({ length: walked.isHeavy ? LANES.heavy : LANES.light }, lane));
        for (const walk of walks) {
          if (tallyOf([walk]).wrong.length > 0) say(storyOf(walk, Number.POSITIVE_INFINITY));
        }
        expect({ wrong: tallyOf(walks).wrong, failures }).toEqual({ wrong: [], failures: [] });
      },
      wanted * MS_A_TRANSITION,
    );
  });
}

function toursOf({ without }: WalkedClass): readonly Tour[] {
  const all = Object.entries(STEPS) as [StepName, Step][];
  const quick = all.filter(([name, { waits }]) => waits !== true && without[name] === undefined);
  const together = quick.filter(([, { alone }]) => alone === undefined);
  const apart = quick.filter(([, { alone }]) => alone !== undefined);
  return [inLaps(together), ...apart.map((step) => [step])];
}

function inLaps(steps: Tour): Tour {
  const lap = steps.filter(([, { repeats }]) => repeats === true);
  const first = steps.findIndex((step) => lap.includes(step));
  const others = steps.slice(first).filter((step) => !lap.includes(step));
  return [...steps.slice(0, first), ...Array.from({ length: LAPS }, () => lap).flat(), ...others];
}

/** What a step had its agent make would be there before it is made again. */
function tidy({ world }: Walk): void {
  const made = readdirSync(world.work).filter((name) => name !== 'README.md' && !name.startsWith('.'));
  for (const name of made) rmSync(join(world.work, name), { recursive: true });
}

/** A line a step: how often it was walked, and the mean of how long that took. */
function summed(results: readonly Outcome[]): Outcome[] {
  return [...new Set(results.map(({ step }) => step))].map((name) => {
    const each = results.filter(({ step }) => step === name);
    const failed = each.filter(({ result }) => result !== 'ok').length;
    const ms = each.reduce((sum, { ms: one = 0 }) => sum + one, 0) / each.length;
    const result = failed === 0 ? `${each.length} times ok` : `${failed} of ${each.length} FAILED`;
    return { step: name, ms, result };
  });
}
