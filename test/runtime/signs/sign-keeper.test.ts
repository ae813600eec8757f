import { describe, expect, test } from 'vitest';
import type { DesiredCompletion, DesiredRule, SignSeen } from '../../../controller/api/completing.ts';
import type { DesiredAgent, DesiredProject } from '../../../controller/api/desired.ts';
import type { CompletionStatus, ProjectStatus, RunStatus } from '../../../controller/api/generated/all.ts';
import { keyOf } from '../../../controller/api/key.ts';
import type { Look } from '../../../controller/api/look.ts';
import { matters } from '../../../controller/runtime/signs/matters.ts';
import { createSignKeeper, type SignQuestion } from '../../../controller/runtime/signs/sign-keeper.ts';
import { createFakeClock, type FakeClock } from '../../queue/fake-clock.ts';

const KEY = keyOf('Project', 'web');
const FILE: DesiredRule = { name: 'written', agents: ['a'], of: 'All', sign: { type: 'File', path: 'DONE' } };
const REPORT: DesiredRule = { name: 'reported', agents: ['a'], of: 'All', sign: { type: 'Report' } };
const COMMAND: DesiredRule = {
  name: 'tests',
  agents: ['a'],
  of: 'All',
  sign: { type: 'Command', argv: ['make'], timeoutMs: 1000, everyMs: 60_000 },
};

const JUDGE: DesiredRule = {
  ...COMMAND,
  name: 'judged',
  sign: { ...COMMAND.sign, type: 'Judge' } as DesiredRule['sign'],
};

interface Asked extends SignQuestion {
  readonly signal: AbortSignal;
  readonly answer: (value: SignSeen) => Promise<void>;
}

function keeper() {
  const clock = createFakeClock(1_000_000_000);
  const asked: Asked[] = [];
  let hints = 0;
  const signs = createSignKeeper({
    clock,
    look: (question, signal) =>
      new Promise<Look<SignSeen>>((resolve) => {
        const answer = async (value: SignSeen): Promise<void> => {
          resolve({ state: 'Known', at: clock.now(), value });
          await settled();
        };
        asked.push({ ...question, signal, answer });
      }),
    onChange: () => {
      hints += 1;
    },
    onError: (error) => {
      throw error;
    },
  });
  return { clock, signs, asked, hints: () => hints };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

async function passes(clock: FakeClock, ms: number): Promise<void> {
  clock.advance(ms);
  await settled();
}

interface Scene {
  readonly stage?: RunStatus['stage'];
  readonly attempt?: number;
  readonly rules?: readonly DesiredRule[];
  readonly met?: readonly string[];
  readonly exit?: string;
  readonly report?: string;
  readonly state?: ProjectStatus['agents'][number]['state'];
}

function seen({ stage = 'Active', attempt = 1, rules = [FILE], met = [], exit, report, state = 'Busy' }: Scene = {}) {
  const agents = [{ name: 'a', workingDir: '/' } as DesiredAgent];
  const project = { name: 'web', agents, completion: completionOf(rules) } as unknown as DesiredProject;
  const agent = {
    name: 'a',
    run: '1-1',
    state,
    ...(exit !== undefined && { lastExit: { run: exit } }),
    ...(report !== undefined && { report: { at: report } }),
  };
  const run = { attempt, stage, startedAt: '2001-09-09T01:00:00.000Z' };
  const status = { agents: [agent], run, completion: statusOf(met) } as unknown as ProjectStatus;
  return { key: KEY, uid: 'u', desired: { type: 'Present', project, confirmed: true } as const, status };
}

function completionOf(rules: readonly DesiredRule[]): DesiredCompletion {
  return { require: 'All', quorum: rules.length, rules };
}

function statusOf(met: readonly string[]): CompletionStatus {
  return { met: false, rules: met.map((name) => ({ name, status: 'True', message: '' })) };
}

describe('signs of finished work', () => {
  test('are looked at while the team works, at once and again, and told where they change', async () => {
    const { clock, signs, asked, hints } = keeper();
    signs.seen(seen());
    await passes(clock, 0);
    expect(asked).toHaveLength(1);
    await asked[0]?.answer({ met: false, message: 'not there' });
    expect(hints()).toBe(1);
    expect(signs.looks('u').get('written')?.get('a')).toMatchObject({ state: 'Known', value: { met: false } });
    await passes(clock, 5000);
    await asked[1]?.answer({ met: false, message: 'not there' });
    expect(hints()).toBe(1);
    await passes(clock, 5000);
    await asked[2]?.answer({ met: true, message: 'there' });
    expect(hints()).toBe(2);
    signs.close();
  });

  test('are looked at once more as soon as their agent does something else, and that is told whatever is seen', async () => {
    const { clock, signs, asked, hints } = keeper();
    signs.seen(seen());
    await passes(clock, 0);
    signs.seen(seen({ exit: '1-1' }));
    await asked[0]?.answer({ met: false, message: 'not there' });
    await passes(clock, 0);
    expect(asked).toHaveLength(2);
    await asked[1]?.answer({ met: false, message: 'not there' });
    expect(hints()).toBe(2);
    signs.close();
  });

  test('stay as they were while the work is verified, and are looked at anew when it comes back', async () => {
    const { clock, signs, asked } = keeper();
    signs.seen(seen());
    await passes(clock, 0);
    await asked[0]?.answer({ met: true, message: 'there' });
    await passes(clock, 5000);
    signs.seen(seen({ stage: 'Verifying' }));
    expect(asked[1]?.signal.aborted).toBe(true);
    await passes(clock, 60_000);
    expect(asked).toHaveLength(2);
    expect(signs.looks('u').get('written')?.get('a')).toMatchObject({ value: { met: true } });
    signs.seen(seen());
    await passes(clock, 0);
    expect(asked).toHaveLength(3);
    signs.close();
  });

  test('of an attempt say nothing of the next, and nothing is left of a project that is over or gone', async () => {
    const { clock, signs, asked } = keeper();
    signs.seen(seen());
    await passes(clock, 0);
    await asked[0]?.answer({ met: true, message: 'there' });
    signs.seen(seen({ attempt: 2 }));
    expect(signs.looks('u').get('written')?.get('a')).toBeUndefined();
    signs.seen(seen({ stage: 'Finished' }));
    expect(signs.looks('u').size).toBe(0);
    await passes(clock, 60_000);
    expect(asked).toHaveLength(1);
  });

  test('that cost more are looked at once the others are met, no more than two at a time, and not for each turn', async () => {
    const { clock, signs, asked } = keeper();
    const rules = [REPORT, COMMAND, { ...COMMAND, name: 'lint' }, { ...COMMAND, name: 'types' }];
    signs.seen(seen({ rules }));
    await passes(clock, 60_000);
    expect(asked).toHaveLength(0);
    signs.seen(seen({ rules, met: ['reported'] }));
    await passes(clock, 0);
    expect(asked.map(({ rule }) => rule.name)).toEqual(['tests', 'lint']);
    await asked[0]?.answer({ met: false, message: 'make exited with 2' });
    expect(asked.map(({ rule }) => rule.name)).toEqual(['tests', 'lint', 'types']);
    signs.seen(seen({ rules, met: ['reported'], state: 'Idle' }));
    await passes(clock, 1000);
    expect(asked).toHaveLength(3);
    signs.seen(seen({ rules }));
    expect(signs.looks('u').size).toBe(0);
    expect(asked[1]?.signal.aborted).toBe(true);
    signs.close();
  });

  test('that are paid for are asked for by no report, and not oftener than they may', async () => {
    const { clock, signs, asked } = keeper();
    signs.seen(seen({ rules: [JUDGE] }));
    await passes(clock, 0);
    await asked[0]?.answer({ met: false, message: 'no' });
    for (const report of ['1', '2']) {
      signs.seen(seen({ rules: [JUDGE], report, state: 'Idle' }));
      await passes(clock, 1000);
    }
    expect(asked).toHaveLength(1);
    await passes(clock, 58_000);
    expect(asked[1]).toMatchObject({ status: { report: { at: '2' } } });
    await asked[1]?.answer({ met: false, message: 'no' });
    signs.seen(seen({ rules: [JUDGE], exit: '1-1' }));
    await passes(clock, 0);
    expect(asked).toHaveLength(3);
    signs.close();
  });

  test('know since when they are so', async () => {
    const { clock, signs, asked } = keeper();
    const at = () => {
      const look = signs.looks('u').get('tests')?.get('a');
      return look?.state === 'Known' ? look.value.at : undefined;
    };
    signs.seen(seen({ rules: [COMMAND] }));
    await passes(clock, 0);
    await asked[0]?.answer({ met: true, message: 'ok' });
    const first = at();
    expect(first).toBe(clock.now());
    await passes(clock, 60_000);
    await asked[1]?.answer({ met: true, message: 'ok' });
    expect(at()).toBe(first);
    signs.close();
  });
});

test.each([
  ['All', 4, [], false],
  ['All', 4, ['reported', 'written'], true],
  ['Any', 1, [], true],
  ['Quorum', 3, [], false],
  ['Quorum', 3, ['written'], true],
] as const)('a command matters with %s %i where %j are met: %s', (require, quorum, met, is) => {
  const rules = [REPORT, FILE, COMMAND, { ...COMMAND, name: 'lint' }];
  expect(matters(COMMAND, { require, quorum, rules }, statusOf(met))).toBe(is);
  expect(matters(FILE, { require, quorum, rules }, undefined)).toBe(true);
});
