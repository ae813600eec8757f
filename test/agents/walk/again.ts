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

/** Agents wait most of the time, so that this many at once do not yet wait for one another. */
const LANES = 2;
/** To start is what takes most of a processor: what may be is walked so often in one conversation. */
const LAPS = 3;
/** One transition takes a second or two, and one that fails up to its deadline. */
const MS_A_TRANSITION = 10_000;

type NamedStep = readonly [StepName, Step];
/** What one world is walked through: the steps of one conversation, or one that has a world of its own. */
type Tour = readonly NamedStep[];

export function walkAgain(walked: WalkedClass, wanted: number): void {
  const tours = toursOf(walked);
  const walks: Walk[] = [];
  const results: Outcome[] = [];
  let api: ModelApi;
  let toured = 0;
  const seen = () => tallyOf(walks).latencies.length;
  /** One program starts at a time: that keeps a core busy. */
  let starts: Promise<unknown> = Promise.resolve();
  const inTurn = (start: () => Promise<void>) => {
    const mine = starts.then(start);
    starts = mine.catch(() => undefined);
    return mine;
  };

  async function tour(steps: Tour): Promise<void> {
    const first = steps[0]?.[1];
    toured += 1;
    const walk = await openWalk(walked, api, `again${toured}`, first?.alone === 'account');
    walks.push(walk);
    try {
      if (first?.begins === undefined) await inTurn(() => begin(walk));
      for (const [name, step] of steps) {
        if (seen() >= wanted) return;
        tidy(walk);
        await take(name, step, walk);
      }
      say(`${walked.name}: ${seen()} transitions`);
    } finally {
      await walk.close();
    }
  }

  async function take(name: StepName, step: Step, walk: Walk): Promise<void> {
    const begun = performance.now();
    const outcome = (result: string) => results.push({ step: name, result, ms: performance.now() - begun });
    try {
      await step.run(walk);
      outcome('ok');
    } catch (error) {
      outcome('FAILED');
      say(`${name}: ${String(error)}\n${storyOf(walk)}`);
      throw error;
    }
  }

  async function lane(errors: unknown[]): Promise<void> {
    // One after the other fails where the program cannot even be started.
    while (seen() < wanted && errors.length < MAX_FAILURES) {
      const next = tours[toured % tours.length] ?? [];
      await tour(next).catch((error: unknown) => errors.push(error));
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
        const errors: unknown[] = [];
        await Promise.all(Array.from({ length: LANES }, () => lane(errors)));
        for (const walk of walks) {
          if (tallyOf([walk]).wrong.length > 0) say(storyOf(walk, Number.POSITIVE_INFINITY));
        }
        expect({ wrong: tallyOf(walks).wrong, failed: errors.map(String) }).toEqual({ wrong: [], failed: [] });
      },
      wanted * MS_A_TRANSITION,
    );
  });
}

const MAX_FAILURES = 5;

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
