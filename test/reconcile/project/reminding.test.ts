import { describe, expect, test } from 'vitest';
import type { ProjectInput } from '../../../controller/api/decision.ts';
import type { GitStatus, RunStatus } from '../../../controller/api/generated/all.ts';
import type { Look } from '../../../controller/api/look.ts';
import { wordId } from '../../../controller/api/word.ts';
import type { GitFacts } from '../../../controller/api/workspace.ts';
import type { AgentPlan } from '../../../controller/reconcile/project/agent-plan.ts';
import { planReminders } from '../../../controller/reconcile/project/reminding.ts';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;

interface Agent {
  readonly name?: string;
  readonly directory?: string;
  readonly git?: GitStatus;
  readonly look?: Look<GitFacts>;
  readonly running?: boolean;
  readonly deaf?: boolean;
}

interface World {
  readonly agents?: readonly Agent[];
  readonly now?: number;
  readonly remindAfterMs?: number;
  readonly run?: Partial<RunStatus>;
  readonly attemptBefore?: number;
  /** No one looks. */
  readonly blind?: boolean;
}

function known(status: GitFacts['status'], at = NOW): Look<GitFacts> {
  return { state: 'Known', at, value: { status, commits: [] } };
}

function plan(world: World = {}) {
  const { agents = [{}], now = NOW, remindAfterMs = 30 * MINUTE, run, attemptBefore = 1, blind = false } = world;
  const plans = agents.map(({ name = 'dev', directory = '/work', git, running = true, deaf = false }) => ({
    view: {
      name,
      life: { type: running ? 'Running' : 'Ended' },
      desired: { name, workingDir: directory, program: deaf ? {} : { delivery: {} } },
      previous: { name, git },
    },
    next: { type: running ? 'Keep' : 'StartAt' },
  }));
  const looks = agents.flatMap(({ name = 'dev', look }) => (look === undefined ? [] : [[name, look] as const]));
  const input = {
    meta: { name: 'web', uid: 'u' },
    desired: { type: 'Present', project: { remindAfterMs } },
    previous: { run: { attempt: attemptBefore } },
    observed: blind ? {} : { git: new Map(looks) },
    now,
  };
  const standing = { stage: 'Active', attempt: 1, ...run } as RunStatus;
  return planReminders(plans as unknown as AgentPlan[], input as unknown as ProjectInput, standing);
}

const DIRTY = { head: 'h', base: 'h', ahead: 0, behind: 0, changed: 2, untracked: 1 } as const;
const said = (since: number, more: Partial<GitStatus> = {}): GitStatus => ({
  state: 'Known',
  ...DIRTY,
  dirtySince: new Date(since).toISOString(),
  ...more,
});

describe('what is said of a work tree', () => {
  test('what was seen, and since when there is something uncommitted', () => {
    expect(plan({ agents: [{ look: known(DIRTY, NOW - 5) }] }).get('dev')?.git).toEqual(said(NOW - 5));
    const later = plan({ agents: [{ git: said(NOW - MINUTE), look: known({ ...DIRTY, changed: 9 }) }] });
    expect(later.get('dev')?.git).toEqual(said(NOW - MINUTE, { changed: 9 }));
  });

  test('a commit begins the time anew, and a clean work tree ends it', () => {
    const git = said(NOW - MINUTE, { remindedAt: new Date(NOW).toISOString() });
    const committed = plan({ agents: [{ git, look: known({ ...DIRTY, head: 'i' }) }] }).get('dev')?.git;
    expect(committed).toEqual(said(NOW, { head: 'i' }));
    const clean = plan({ agents: [{ git, look: known({ ...DIRTY, changed: 0, untracked: 0 }) }] }).get('dev')?.git;
    expect(clean).toEqual({ state: 'Known', ...DIRTY, changed: 0, untracked: 0 });
  });

  test('a look that failed leaves what was known, as Unknown; one that did not take place leaves it as it was', () => {
    const git = said(NOW - MINUTE);
    const failed: Look<GitFacts> = { state: 'Unknown', at: NOW, reason: 'GitFailed', message: 'broken' };
    expect(plan({ agents: [{ git, look: failed }] }).get('dev')?.git).toEqual({
      ...git,
      state: 'Unknown',
      message: 'broken',
    });
    expect(plan({ agents: [{ git, look: { ...failed, reason: 'NotLooked' } }] }).get('dev')?.git).toEqual(git);
    expect(plan({ agents: [{ git }], blind: true }).get('dev')?.git).toEqual(git);
    expect(plan({ agents: [{ git }] }).get('dev')).toBeUndefined();
  });

  test('[S164] the next attempt is counted anew, and nothing of the former count is said of it', () => {
    const world = {
      agents: [{ git: said(NOW), look: known({ ...DIRTY, ahead: 5 }) }],
      attemptBefore: 1,
      run: { attempt: 2 },
    };
    const { base: _base, ahead: _ahead, behind: _behind, ...rest } = said(NOW);
    expect(plan(world).get('dev')?.git).toEqual(rest);
  });
});

describe('[S161] a reminder', () => {
  const lain = (minutes: number, more: Agent = {}): Agent => ({
    git: said(NOW - minutes * MINUTE),
    look: known(DIRTY),
    ...more,
  });

  test('is said when work has lain for 30 minutes and 5 more, and on record from then on', () => {
    const early = plan({ agents: [lain(34)] }).get('dev');
    expect(early).toMatchObject({ words: [], events: [], dueInMs: MINUTE });
    const due = plan({ agents: [lain(35)] }).get('dev');
    expect(due?.git?.remindedAt).toBe(new Date(NOW).toISOString());
    expect(due?.events).toMatchObject([{ type: 'Normal', reason: 'UncommittedWork' }]);
    expect(due?.words).toMatchObject([{ agent: 'dev', topic: 'uncommitted', occasion: NOW - 35 * MINUTE }]);
    expect(due?.words[0]?.text).toMatch(/lain uncommitted for 35 minutes \(changed: 2, not tracked: 1\)/);
  });

  test('is the same one for a while, for who comes after a crash, and then said no more', () => {
    const due = plan({ agents: [lain(35)] }).get('dev');
    const git = due?.git;
    if (git === undefined || due?.words[0] === undefined) throw new Error('nothing was said');
    const after = plan({ agents: [{ git, look: known(DIRTY) }], now: NOW + MINUTE }).get('dev');
    expect(after?.words.map(wordId)).toEqual([wordId(due.words[0])]);
    expect(after?.events).toEqual([]);
    expect(plan({ agents: [{ git, look: known(DIRTY) }], now: NOW + 60 * MINUTE }).get('dev')).toMatchObject({
      words: [],
      events: [],
    });
  });

  test('waits for a look that is no older than its time: what was seen before may be committed', () => {
    const stale = plan({ agents: [lain(40, { look: known(DIRTY, NOW - 6 * MINUTE) })] }).get('dev');
    expect(stale).toMatchObject({ words: [], dueInMs: 1000 });
    expect(stale?.git?.remindedAt).toBeUndefined();
  });

  test.each<[string, World]>([
    ['nobody wants it', { agents: [lain(90)], remindAfterMs: 0 }],
    ['the agent does not run', { agents: [lain(90, { running: false })] }],
    ['it cannot be told anything', { agents: [lain(90, { deaf: true })] }],
    ['the project is over', { agents: [lain(90)], run: { stage: 'Finished' } }],
    ['the work tree is clean', { agents: [lain(90, { look: known({ ...DIRTY, changed: 0, untracked: 0 }) })] }],
    ['a commit was made meanwhile', { agents: [lain(90, { look: known({ ...DIRTY, head: 'i' }) })] }],
    [
      'it is not known any more',
      { agents: [lain(90, { look: { state: 'Unknown', at: NOW, reason: 'GitFailed', message: '' } })] },
    ],
  ])('is not said if %s', (_, world) => {
    expect(plan(world).get('dev')).toMatchObject({ words: [], events: [] });
    expect(plan(world).get('dev')?.git?.remindedAt).toBeUndefined();
  });

  test('is said to one of those who share a directory, and not to the next when that one is gone', () => {
    const first = plan({ agents: [lain(35, { name: 'a' }), lain(35, { name: 'b' })] });
    expect([...first].map(([name, { words }]) => [name, words.length])).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
    const git = first.get('a')?.git;
    if (git === undefined) throw new Error('nothing is said of a');
    const second = plan({ agents: [lain(35, { name: 'a', git, running: false }), lain(35, { name: 'b' })] });
    expect(second.get('b')?.words).toEqual([]);
    const apart = plan({ agents: [lain(35, { name: 'a' }), lain(35, { name: 'b', directory: '/other' })] });
    expect(apart.get('b')?.words).toHaveLength(1);
  });
});
