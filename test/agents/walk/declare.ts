// Declares the walk of one class as tests, one a step, and prints what came of it.
import process from 'node:process';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type ModelApi, startModelApi } from '../model-api/start-model-api.ts';
import { walkAgain } from './again.ts';
import { someMessages, walkMessages } from './deliveries/walk-messages.ts';
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

type NamedStep = readonly [StepName, Step];

function walkOnce(walked: WalkedClass): void {
  const isShort = process.env['MUXLET_WALK_SHORT'] !== undefined;
  const all = Object.entries(STEPS) as NamedStep[];
  const steps = all.filter(([, { waits }]) => !isShort || waits !== true);
  const outcomes = new Map<StepName | 'messages', Outcome>();
  const walks: Walk[] = [];
  let api: ModelApi;
  let neverBegan: Error | undefined;

  const enter = async ({ alone: login, begins }: Step) => {
    // What cannot even start would take its time at each step.
    if (neverBegan !== undefined) throw neverBegan;
    const walk = await openWalk(walked, api, `walk${walks.length + 1}`, login === 'account');
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
  /** A program that starts keeps a core busy. */
  const inTurn = createTurns();
  const noted = async (name: StepName | 'messages', run: () => Promise<void>, story = () => '') => {
    const begun = performance.now();
    const outcome = (result: string) => outcomes.set(name, { step: name, result, ms: performance.now() - begun });
    try {
      await run();
      outcome('ok');
    } catch (error) {
      outcome('FAILED');
      say(`${name}: ${String(error)}\n${story()}`);
      throw error;
    }
  };
  /** Its steps one after the other; after one that failed the next begins with a new world. */
  const begun = (tour: readonly NamedStep[]): (readonly [StepName, Promise<void>])[] => {
    let walk: Walk | undefined;
    const leave = async () => {
      await walk?.close();
      walk = undefined;
    };
    const walkStep = async (name: StepName, step: Step) => {
      const run = async () => {
        walk ??= await inTurn(() => enter(step));
        await step.run(walk);
      };
      try {
        await noted(name, run, () => (walk === undefined ? '' : storyOf(walk)));
      } catch (error) {
        await leave();
        throw error;
      }
    };
    let before: Promise<unknown> = Promise.resolve();
    const runs = tour.map(([name, step]) => {
      const run = before.then(() => walkStep(name, step));
      before = run.catch(() => undefined);
      return [name, run] as const;
    });
    leaving.push(before.then(leave));
    return runs;
  };
  const leaving: Promise<void>[] = [];

  describe(`${walked.name} under muxlet`, () => {
    const running = new Map<StepName | 'messages', Promise<void>>();
    // oxlint-disable-next-line no-empty-pattern -- fixtures come first, and are told by the pattern
    beforeAll(async ({}, suite) => {
      api = await startModelApi();
      // They wait most of the time, and so they do it beside one another.
      const asked = new Set(suite.tasks.filter(({ mode }) => mode === 'run').map(({ name }) => name));
      const wanted = steps.filter(([name, { title }]) => walked.without[name] === undefined && asked.has(title));
      for (const [name, run] of toursOf(wanted).flatMap(begun)) running.set(name, run);
      // Agents that all start at once: when the first tour is over, and the others wait.
      const messages = async () => {
        await leaving[0];
        await noted('messages', () => someMessages(walked, api));
      };
      if (asked.has(MESSAGES)) running.set('messages', messages());
      for (const run of running.values()) run.catch(() => undefined);
    });
    afterAll(async () => {
      await Promise.all(leaving);
      await api.close();
      say(linesOf(walked.name, [...outcomes.values()], tallyOf(walks)));
    });
    for (const [name, { title }] of steps) {
      const reason = walked.without[name];
      if (reason !== undefined) outcomes.set(name, { step: name, result: `-  ${reason}` });
      else test(title, () => running.get(name), STEP_MS);
    }
    test(MESSAGES, () => running.get('messages'), STEP_MS);
    test('no state was shown that was not true', () => {
      const { wrong } = tallyOf(walks);
      for (const walk of walks) {
        if (tallyOf([walk]).wrong.length > 0) say(storyOf(walk, Number.POSITIVE_INFINITY));
      }
      if (wrong.length > 0) throw new Error(`${wrong.length} wrong:\n${wrong.join('\n')}`);
    });
  });
}

/** Those of one tour share a world, and any other has one of its own. */
function toursOf(steps: readonly NamedStep[]): NamedStep[][] {
  const tours = [...new Set(steps.map(([, { tour }]) => tour))].filter((tour) => tour !== undefined);
  return [
    ...tours.map((tour) => steps.filter(([, step]) => step.tour === tour)),
    ...steps.filter(([, { tour }]) => tour === undefined).map((step) => [step]),
  ];
}

/** What is asked is done one after the other, whether or not it succeeds. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

const MESSAGES = 'messages come whole, in order and once, with the controller killed at random in between';
/** Some wait for one another, and a limit takes minutes to end: only for what is stuck. */
const STEP_MS = 900_000;
