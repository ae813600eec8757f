// Declares the walk of one class as tests, one a step, and prints what came of it.
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type ModelApi, startModelApi } from '../model-api/start-model-api.ts';
import { begin } from './steps/start.ts';
import { STEPS, type Step, type StepName } from './steps.ts';
import { linesOf, type Outcome, storyOf, tallyOf } from './summary.ts';
import { openWalk, type Walk } from './walk.ts';
import type { WalkedClass } from './walked-class.ts';

export function walkTests(walked: WalkedClass): void {
  const outcomes: Outcome[] = [];
  const walks: Walk[] = [];
  let api: ModelApi;
  let current: Walk | undefined;
  let neverBegan: unknown;

  const leave = async () => {
    await current?.close();
    current = undefined;
  };
  const enter = async (account: boolean) => {
    // What cannot even start would take its time at each step.
    if (neverBegan !== undefined) throw neverBegan;
    const walk = await openWalk(walked, api, `walk${walks.length}`, account);
    walks.push(walk);
    current = walk;
    try {
      await begin(walk);
    } catch (error) {
      neverBegan = error;
      throw error;
    }
    return walk;
  };
  const take = async ({ run, alone }: Step) => {
    if (alone !== undefined) await leave();
    const walk = current ?? (await enter(alone === 'account'));
    await run(walk);
    if (alone !== undefined) await leave();
  };

  describe(`${walked.name} under muxlet`, () => {
    beforeAll(async () => {
      api = await startModelApi();
    });
    afterAll(async () => {
      await leave();
      await api.close();
      console.log(linesOf(walked.name, outcomes, tallyOf(walks)));
    });
    for (const [name, step] of Object.entries(STEPS) as [StepName, Step][]) {
      const reason = walked.without[name];
      if (reason !== undefined) {
        outcomes.push({ step: name, result: `-  ${reason}` });
        continue;
      }
      test(step.title, async () => {
        const begun = performance.now();
        try {
          await take(step);
          outcomes.push({ step: name, result: 'ok', ms: performance.now() - begun });
        } catch (error) {
          outcomes.push({ step: name, result: 'FAILED', ms: performance.now() - begun });
          console.log(`${name}: ${String(error)}\n${current === undefined ? '' : storyOf(current)}`);
          await leave();
          throw error;
        }
      });
    }
    test('no state was shown that was not true', () => {
      const { wrong } = tallyOf(walks);
      if (wrong.length > 0) throw new Error(`${wrong.length} wrong:\n${wrong.join('\n')}`);
    });
  });
}
