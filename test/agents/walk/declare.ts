// Declares the walk of one class as tests, one a step, and prints what came of it.
import process from 'node:process';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type ModelApi, startModelApi } from '../model-api/start-model-api.ts';
import { walkAgain } from './again.ts';
import { walkMessages } from './deliveries/walk-messages.ts';
import type { StepName } from './step-name.ts';
import { begin } from './steps/start.ts';
import { STEPS, type Step } from './steps.ts';
import { linesOf, type Outcome, say, storyOf, tallyOf } from './summary.ts';
import { openWalk, type Walk } from './walk.ts';
import type { WalkedClass } from './walked-class.ts';

export function walkTests(walked: WalkedClass): void {
  const transitions = Number(process.env['MUXLET_WALK_TRANSITIONS'] ?? 0);
  const messages = Number(process.env['MUXLET_WALK_MESSAGES'] ?? 0);
  if (messages > 0) walkMessages(walked, messages);
  else if (transitions > 0) walkAgain(walked, transitions);
  else walkOnce(walked);
}

function walkOnce(walked: WalkedClass): void {
  const isShort = process.env['MUXLET_WALK_SHORT'] !== undefined;
  const all = Object.entries(STEPS) as [StepName, Step][];
  const steps = all.filter(([, { waits }]) => !isShort || waits !== true);
  const outcomes = new Map<StepName, Outcome>();
  const walks: Walk[] = [];
  let api: ModelApi;
  let current: Walk | undefined;
  let neverBegan: Error | undefined;
  let opened = 0;

  const leave = async () => {
    await current?.close();
    current = undefined;
  };
  const enter = async ({ alone: login, begins }: Partial<Step> = {}) => {
    // What cannot even start would take its time at each step.
    if (neverBegan !== undefined) throw neverBegan;
    opened += 1;
    const walk = await openWalk(walked, api, `walk${opened}`, login === 'account');
    walks.push(walk);
    try {
      if (begins === undefined) await begin(walk);
      return walk;
    } catch (error) {
      neverBegan = error instanceof Error ? error : new Error(String(error));
      say(storyOf(walk));
      await walk.close();
      throw error;
    }
  };
  /** Of those that have a world of their own one is started at a time. */
  let starts: Promise<unknown> = Promise.resolve();
  const inTurn = (start: () => Promise<Walk>) => {
    const mine = starts.then(start);
    starts = mine.catch(() => undefined);
    return mine;
  };
  const noted = async (name: StepName, walk: () => Walk | undefined, run: () => Promise<void>) => {
    const begun = performance.now();
    const outcome = (result: string) => outcomes.set(name, { step: name, result, ms: performance.now() - begun });
    try {
      await run();
      outcome('ok');
    } catch (error) {
      outcome('FAILED');
      const failed = walk();
      say(`${name}: ${String(error)}\n${failed === undefined ? '' : storyOf(failed)}`);
      throw error;
    }
  };
  const together = (name: StepName, { run }: Step) =>
    noted(
      name,
      () => current,
      async () => {
        current ??= await enter();
        await run(current);
      },
    ).catch(async (error: unknown) => {
      await leave();
      throw error;
    });
  const alone = async (name: StepName, step: Step) => {
    let walk: Walk | undefined;
    try {
      const own = async () => {
        walk = await inTurn(() => enter(step));
        await step.run(walk);
      };
      await noted(name, () => walk, own);
    } finally {
      await walk?.close();
    }
  };

  describe(`${walked.name} under muxlet`, () => {
    const aside = new Map<string, Promise<void>>();
    // oxlint-disable-next-line no-empty-pattern -- fixtures come first, and are told by the pattern
    beforeAll(async ({}, suite) => {
      api = await startModelApi();
      // They wait most of the time, and so they do it while the others go on.
      const asked = new Set(suite.tasks.filter(({ mode }) => mode === 'run').map(({ name }) => name));
      for (const [name, step] of steps) {
        if (step.alone === undefined || !asked.has(step.title)) continue;
        const run = alone(name, step);
        aside.set(name, run);
        run.catch(() => undefined);
      }
    });
    afterAll(async () => {
      await leave();
      await api.close();
      say(linesOf(walked.name, [...outcomes.values()], tallyOf(walks)));
    });
    for (const [name, step] of steps) {
      const reason = walked.without[name];
      if (reason !== undefined) outcomes.set(name, { step: name, result: `-  ${reason}` });
      else test(step.title, () => aside.get(name) ?? together(name, step), STEP_MS);
    }
    test('no state was shown that was not true', () => {
      const { wrong } = tallyOf(walks);
      for (const walk of walks) {
        if (tallyOf([walk]).wrong.length > 0) say(storyOf(walk, Number.POSITIVE_INFINITY));
      }
      if (wrong.length > 0) throw new Error(`${wrong.length} wrong:\n${wrong.join('\n')}`);
    });
  });
}

/** Those that are done aside may have to wait for one another. */
const STEP_MS = 400_000;
