import { describe, expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { DesiredCompletion } from '../../../controller/api/completing.ts';
import { commits, REPORT, rule, rules, runOf, says, shows } from './course/done-world.ts';
import { end, living, type Name, type SmallWorld, settle, smallWorld, step } from './course/small-world.ts';

function working(completion: DesiredCompletion, changes: Partial<SmallWorld> = {}): SmallWorld {
  const world = smallWorld({ policy: 'Always', extra: { completion }, ...changes });
  settle(world);
  expect(living(world)).toEqual(['a', 'b']);
  return world;
}

function ruleOf(world: SmallWorld, name: string) {
  return world.status?.completion?.rules.find((one) => one.name === name);
}

function criteria(world: SmallWorld) {
  return world.status?.conditions.find(({ type }) => type === 'SuccessCriteriaMet');
}

/** So long that two looks agree. */
function later(world: SmallWorld): SmallWorld {
  step(world, 0);
  step(world, 400);
  return world;
}

describe('a report', () => {
  test('[S101] [S107] of all agents completes the project after two looks, and ends the agents, whose panes stay', () => {
    const world = working(rules(rule(REPORT)));
    says(world, 'a');
    says(world, 'b');
    expect(step(world, 10).status).toMatchObject({ completion: { met: true }, run: { stage: 'Active' } });
    expect(step(world, 100).status.run?.stage).toBe('Active');
    expect(step(world, 300).status).toMatchObject({
      phase: 'Completed',
      run: { stage: 'Finished', result: 'Completed' },
    });
    settle(world);
    expect(living(world)).toEqual([]);
    expect(world.panes.size).toBe(2);
    world.panes.clear();
    world.hasSession = false;
    expect(settle(world).status).toMatchObject({ phase: 'Completed', run: { result: 'Completed' } });
    expect(living(world)).toEqual([]);
  });

  test('[S109] of one agent of two is that agent done, and the project not', () => {
    const world = working(rules(rule(REPORT)));
    says(world, 'a');
    later(world);
    expect(ruleOf(world, 'report')).toMatchObject({
      status: 'False',
      agents: ['a'],
      message: 'b: has not reported done',
    });
    expect(world.status).toMatchObject({ phase: 'Running', completion: { met: false } });
    expect(criteria(world)).toMatchObject({
      status: 'False',
      reason: 'CompletionNotMet',
      message: /b: has not reported done/,
    });
  });

  test('of one is enough where one is asked', () => {
    const world = working(rules(rule(REPORT, { of: 'Any' })));
    says(world, 'b');
    expect(later(world).status?.phase).toBe('Completed');
  });

  test.each([
    ['of an earlier run', { run: '1-old' }],
    ['of another kind', { type: 'blocked' as const, doneAt: undefined }],
    ['without a time', { doneAt: 'yesterday' }],
    ['without a run', { run: undefined }],
  ])('[S108] [S110] %s does not count', (_what, changes) => {
    const world = working(rules(rule(REPORT)));
    says(world, 'a');
    says(world, 'b', changes);
    later(world);
    expect(ruleOf(world, 'report')).toMatchObject({ status: 'False', agents: ['a'] });
    expect(world.status?.phase).toBe('Running');
  });

  test('[S108] of an earlier attempt does not count in the next', () => {
    const world = working(rules(rule(REPORT)), {
      policy: 'Never',
      spec: { retry: { limit: 1, initialBackoff: '1s' } },
    });
    says(world, 'a');
    end(world, 'a', 0);
    end(world, 'b', 1);
    settle(world);
    step(world, 15_100);
    expect(settle(world).status.run?.stage).toBe('BackingOff');
    step(world, 1500);
    settle(world);
    expect(world.status?.run).toMatchObject({ attempt: 2, stage: 'Active' });
    expect(ruleOf(world, 'report')).toMatchObject({ status: 'False', agents: [] });
  });

  test('is not taken back by a report of the status, and is by one of trouble', () => {
    const world = working(rules(rule(REPORT)));
    says(world, 'a');
    step(world, 10);
    says(world, 'a', { type: 'status', doneAt: undefined });
    step(world, 10);
    expect(ruleOf(world, 'report')?.agents).toEqual(['a']);
    // A controller that has just begun has heard nothing yet.
    world.seen = {};
    step(world, 10);
    expect(ruleOf(world, 'report')?.agents).toEqual(['a']);
    says(world, 'a', { type: 'failed', doneAt: undefined });
    step(world, 10);
    expect(ruleOf(world, 'report')?.agents).toEqual([]);
  });
});

describe('commits', () => {
  const asked = rules(
    rule(REPORT, { agents: ['a'] }),
    rule({ type: 'Commits', atLeast: 1, matching: '^done:' }, { agents: ['a'] }),
  );

  test('[S104] that are not there leave a claim a claim, and what is missing is said', () => {
    const world = working(asked);
    says(world, 'a');
    commits(world, 'a');
    later(world);
    expect(world.status?.phase).toBe('Running');
    expect(criteria(world)?.message).toBe('commits: a: 0 of 1 commits that match /^done:/');
  });

  test('[S103] that say another thing, or were made before the attempt, do not count', () => {
    const world = working(asked);
    says(world, 'a');
    const before = { message: 'done: all', at: world.now - 60_000 };
    commits(world, 'a', { message: 'incomplete parser' }, { message: 'plan to complete X' }, before);
    later(world);
    expect(ruleOf(world, 'commits')?.status).toBe('False');
    commits(world, 'a', { message: 'done: parser' }, before);
    expect(later(world).status?.phase).toBe('Completed');
  });

  test('of which git has said nothing are neither there nor missing', () => {
    const world = working(asked);
    says(world, 'a');
    later(world);
    expect(ruleOf(world, 'commits')?.status).toBe('Unknown');
    expect(criteria(world)?.status).toBe('Unknown');
  });
});

describe('rest', () => {
  const asked = rules(rule({ type: 'Idle', forMs: 60_000 }, { agents: ['a'] }));

  function reads(world: SmallWorld, name: Name, state: AgentReading['state'], at = world.now): void {
    const reading: AgentReading = {
      agent: name,
      run: runOf(world, name),
      state,
      at,
      movedAt: at,
      turns: { prompts: [] },
    };
    world.seen = { ...world.seen, readings: [reading] };
  }

  test('counts after work, without a break, and not while nobody knows', () => {
    const world = working(asked);
    reads(world, 'a', 'Idle');
    step(world, 120_000);
    expect(ruleOf(world, 'idle')).toMatchObject({ status: 'False', message: /not seen at work/ });
    reads(world, 'a', 'Busy');
    step(world, 1000);
    reads(world, 'a', 'Idle');
    expect(step(world, 59_000).lookAgain).toMatchObject({ type: 'In', ms: 1000 });
    reads(world, 'a', 'Unknown');
    expect(step(world, 2000).status.completion?.rules[0]?.status).toBe('Unknown');
    reads(world, 'a', 'Idle');
    step(world, 59_000);
    expect(world.status?.phase).toBe('Running');
    step(world, 2000);
    expect(later(world).status?.phase).toBe('Completed');
  });

  test('of an agent that has ended well counts from its end', () => {
    const world = working(asked, { policy: 'OnFailure' });
    end(world, 'a', 0);
    settle(world);
    step(world, 59_000);
    expect(ruleOf(world, 'idle')?.message).toMatch(/ended well since/);
    expect(world.status?.phase).toBe('Running');
    step(world, 1000);
    expect(later(world).status?.phase).toBe('Completed');
  });
});

describe('rules together', () => {
  const file = rule({ type: 'File', path: 'DONE' }, { agents: ['a'] });
  const screen = rule({ type: 'Screen', matching: 'complete' }, { agents: ['a'] });
  const report = rule(REPORT, { agents: ['b'] });

  test('[S102] what stands on a screen completes and fails nothing by itself', () => {
    const world = working(rules(report, screen));
    shows(world, 'screen', 'a', { met: true, message: 'CRITICAL: NOT READY' });
    later(world);
    expect(world.status).toMatchObject({ phase: 'Running', completion: { met: false } });
  });

  test('are met by one, or by as many as are asked', () => {
    const some = { require: 'Quorum', quorum: 2, rules: [file, screen, report] } as const;
    const world = working(some);
    shows(world, 'file', 'a', { met: true, message: 'DONE' });
    step(world, 10);
    // The screen was not looked at yet, and could be enough.
    expect(criteria(world)?.status).toBe('Unknown');
    shows(world, 'screen', 'a', { met: false, message: 'nothing' });
    later(world);
    expect(criteria(world)?.status).toBe('False');
    says(world, 'b');
    expect(later(world).status?.phase).toBe('Completed');
    const any = working({ require: 'Any', quorum: 1, rules: [file, report] });
    shows(any, 'file', 'a', { met: true, message: 'DONE' });
    expect(later(any).status?.phase).toBe('Completed');
  });

  test('that were met for one look only are not met', () => {
    const world = working(rules(file));
    shows(world, 'file', 'a', { met: true, message: 'DONE' });
    step(world, 10);
    shows(world, 'file', 'a', { met: false, message: 'gone' });
    step(world, 500);
    shows(world, 'file', 'a', { met: true, message: 'DONE' });
    expect(step(world, 500).status.run?.stage).toBe('Active');
    expect(step(world, 300).status.phase).toBe('Completed');
  });
});

describe('agents that have all ended', () => {
  const asked = rules(rule(REPORT), rule({ type: 'File', path: 'DONE' }, { agents: ['a'] }));

  test('before the rules are met leave the project failed, with what is missing, once that is certain', () => {
    const world = working(asked, { policy: 'Never' });
    says(world, 'a');
    says(world, 'b');
    shows(world, 'file', 'a', { met: false, message: 'DONE is not there' });
    step(world, 1000);
    end(world, 'a', 0);
    end(world, 'b', 0);
    settle(world);
    step(world, 60_000);
    expect(world.status?.run?.stage).toBe('Active');
    shows(world, 'file', 'a', { met: false, message: 'DONE is not there' });
    step(world, 10);
    expect(world.status?.run?.stage).toBe('Active');
    step(world, 15_100);
    expect(settle(world).status).toMatchObject({ phase: 'Failed', run: { reason: 'CompletionNotMet' } });
    expect(world.status?.run?.message).toMatch('not met: file: a: DONE is not there');
  });

  test('[S116] is no failure where what they left behind is seen a little later', () => {
    const world = working(asked, { policy: 'Never' });
    says(world, 'a');
    const { reports } = world.seen;
    says(world, 'b');
    const both = world.seen.reports;
    world.seen = { ...world.seen, ...(reports && { reports }) };
    end(world, 'a', 0);
    end(world, 'b', 0);
    settle(world);
    step(world, 1000);
    world.seen = { ...world.seen, ...(both && { reports: both }) };
    shows(world, 'file', 'a', { met: true, message: 'DONE' });
    expect(later(world).status?.phase).toBe('Completed');
  });
});
