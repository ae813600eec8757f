import { describe, expect, test } from 'vitest';
import type { DesiredBriefing } from '../../../../controller/api/desired.ts';
import { roundHash } from '../../../../controller/api/finish-request.ts';
import type { DesiredIntegration } from '../../../../controller/api/finishing.ts';
import type { IntegrationStatus } from '../../../../controller/api/generated/all.ts';
import { commits, finishes, REPORT, rule, rules, says, VERIFICATION } from './done-world.ts';
import { end, living, projectOf, type SmallWorld, settle, smallWorld, step } from './small-world.ts';

const HOUR = 3_600_000;
const completion = rules(rule(REPORT));
const INTEGRATION: DesiredIntegration = { onConflict: 'Hub', rounds: 1 };

function working(changes: Partial<SmallWorld> = {}): SmallWorld {
  const world = smallWorld({ policy: 'Always', extra: { completion, verification: VERIFICATION }, ...changes });
  settle(world);
  return world;
}

function done(world: SmallWorld): void {
  step(world, 1000);
  says(world, 'a');
  says(world, 'b');
  step(world, 10);
  step(world, 400);
  step(world, 20);
}

function withHub(world: SmallWorld, hub: string): void {
  const briefing: DesiredBriefing = { team: [], hub };
  world.extra = { ...world.extra, agents: projectOf(world).agents.map((agent) => ({ ...agent, briefing })) };
}

function refuse(world: SmallWorld): void {
  const failed = { round: 1, state: 'Failed', command: 'make test', message: 'exited with 2', log: '/log' } as const;
  finishes(world, 'Refused', { verification: failed, tail: ['1 test failed'] });
}

function verified(world: SmallWorld) {
  return world.status?.conditions.find(({ type }) => type === 'Verified');
}

describe('work that seems done', () => {
  test('[S114] is verified before it counts, each round begun until something is known of it', () => {
    const world = working();
    done(world);
    expect(world.status).toMatchObject({ phase: 'Verifying', run: { stage: 'Verifying', rounds: { count: 1 } } });
    expect(world.requests).toMatchObject([{ attempt: 1, round: 1, verification: VERIFICATION, directory: '/' }]);
    step(world, 20);
    expect(world.requests).toHaveLength(2);
    finishes(world, 'Running');
    step(world, 20);
    expect(world.requests).toHaveLength(2);
    expect(verified(world)).toMatchObject({ status: 'Unknown', reason: 'Verifying' });
    expect(living(world)).toEqual(['a', 'b']);
    finishes(world, 'Passed', { verification: { round: 1, state: 'Passed', commit: 'c0ffee' } });
    const { status, events } = step(world, 20);
    expect(status).toMatchObject({ phase: 'Completed', verification: { state: 'Passed', commit: 'c0ffee' } });
    expect(events.filter(({ reason }) => reason === 'Completed')).toHaveLength(1);
    // Who still runs is ended now: nothing about that is amiss.
    expect(events.filter(({ type }) => type === 'Warning')).toEqual([]);
    expect(verified(world)).toMatchObject({ status: 'True', reason: 'Verified' });
    expect(settle(world).events.filter(({ reason }) => reason === 'Completed')).toEqual([]);
  });

  test('[S114] without rules is that of agents that have all ended well', () => {
    const world = working({ policy: 'Never', extra: { verification: VERIFICATION } });
    end(world, 'a', 0);
    end(world, 'b', 0);
    settle(world);
    expect(world.status?.run?.stage).toBe('Verifying');
    finishes(world, 'Passed');
    expect(step(world, 20).status.phase).toBe('Completed');
  });

  test('is verified anew where the spec asks for more meanwhile, whatever the round of before has come to', () => {
    for (const state of ['Running', 'Passed', 'Refused'] as const) {
      const world = working();
      done(world);
      const [asked] = world.requests.slice(-1).map(roundHash);
      finishes(world, state, { ...(asked !== undefined && { asked }) });
      const more = { ...VERIFICATION, commands: [...VERIFICATION.commands, { argv: ['lint'], timeoutMs: 1 }] };
      world.extra = { ...world.extra, verification: more };
      const { length } = world.requests;
      step(world, 20);
      expect(world.requests.slice(length)).toMatchObject([{ attempt: 1, round: 1, verification: more }]);
      expect(world.status).toMatchObject({ phase: 'Verifying', run: { rounds: { count: 1 } } });
      finishes(world, 'Passed', { asked: roundHash({ verification: more, integration: undefined, setUp: undefined }) });
      expect(step(world, 20).status.phase).toBe('Completed');
    }
  });

  test('[S116] is verified anew by a controller that knows nothing of the round', () => {
    const world = working();
    done(world);
    finishes(world, 'Running');
    step(world, 20);
    const { length } = world.requests;
    const { finish: _forgotten, ...seen } = world.seen;
    world.seen = seen;
    step(world, 20);
    expect(world.requests.slice(length)).toMatchObject([{ attempt: 1, round: 1 }]);
    world.isVisible = false;
    expect(step(world, 20).status).toMatchObject({ phase: 'Verifying', completion: { met: true } });
  });

  test('goes on where it stood after a suspension, in another round', () => {
    const world = working();
    done(world);
    world.overlay = { 'muxlet.dev/suspend': 'KeepSession' };
    expect(step(world, 20).status).toMatchObject({ phase: 'Suspended', run: { stage: 'Waiting' } });
    world.overlay = {};
    step(world, 20);
    step(world, 400);
    step(world, 400);
    expect(world.status).toMatchObject({ phase: 'Verifying', run: { rounds: { count: 2 } } });
  });
});

describe('what is refused', () => {
  test('[S106] goes back to whom the rules ask, once, with the end of the log; the next round waits for something newer', () => {
    const world = working();
    done(world);
    refuse(world);
    const { status, words, events } = step(world, 20);
    expect(status).toMatchObject({ phase: 'Running', run: { stage: 'Active', rounds: { count: 1, refusals: 1 } } });
    expect(events).toContainEqual(expect.objectContaining({ type: 'Warning', reason: 'VerificationRefused' }));
    expect(words.map(({ agent, topic }) => `${topic} ${agent}`)).toEqual(['refused a', 'refused b']);
    expect(words[0]?.text).toMatch(/`make test` failed .*exited with 2[^]*1 test failed[^]*All of it: \/log/);
    const again = step(world, 5000).words;
    expect(again.map(({ occasion }) => occasion)).toEqual(words.map(({ occasion }) => occasion));
    step(world, 600_000);
    expect(step(world, 400)).toMatchObject({ words: [], status: { run: { stage: 'Active' } } });
    expect(verified(world)).toMatchObject({ status: 'False', reason: 'VerificationFailed' });
    says(world, 'a');
    step(world, 10);
    step(world, 400);
    expect(world.status).toMatchObject({ phase: 'Verifying', run: { rounds: { count: 2 } } });
    step(world, 20);
    finishes(world, 'Passed');
    expect(step(world, 20).status.phase).toBe('Completed');
  });

  test('is no news to a clock that was set back, nor to a controller that has forgotten what was said', () => {
    const world = working();
    done(world);
    step(world, -HOUR, 1000);
    refuse(world);
    step(world, 20);
    const { reports: _said, ...seen } = world.seen;
    world.seen = seen;
    for (let look = 0; look < 10; look += 1) step(world, 400);
    expect(world.status?.run).toMatchObject({ stage: 'Active', rounds: { count: 1 }, refused: { told: ['a', 'b'] } });
    says(world, 'b');
    step(world, 10);
    step(world, 400);
    expect(world.status?.run).toMatchObject({ stage: 'Verifying', rounds: { count: 2 } });
  });

  test('is verified again at once where the team went on meanwhile', () => {
    const world = working();
    done(world);
    finishes(world, 'Running');
    step(world, 60_000);
    says(world, 'b');
    step(world, 20);
    refuse(world);
    step(world, 20);
    step(world, 20);
    step(world, 400);
    expect(world.status?.run).toMatchObject({ stage: 'Verifying', rounds: { count: 2, refusals: 1 } });
  });

  test('leaves the project failed where nobody is left who could put it right', () => {
    const world = working({ policy: 'Never' });
    done(world);
    end(world, 'a', 1);
    end(world, 'b', 1);
    finishes(world, 'Running');
    settle(world);
    says(world, 'a', { run: world.status?.agents[0]?.run });
    refuse(world);
    for (let look = 0; look < 10; look += 1) step(world, 400);
    expect(world.status?.run).toMatchObject({ stage: 'Verifying', rounds: { count: 2 } });
    refuse(world);
    for (let look = 0; look < 10; look += 1) step(world, 400);
    expect(world.status).toMatchObject({ phase: 'Failed', run: { reason: 'VerificationFailed' } });
    expect(world.status?.run?.message).toContain('nobody is left');
  });

  test('goes to the hub alone where there is one', () => {
    const world = working();
    withHub(world, 'b');
    done(world);
    refuse(world);
    expect(step(world, 20).words.map(({ agent }) => agent)).toEqual(['b']);
  });

  test('[S106] oftener than its rounds allow has failed, and may be tried again', () => {
    const world = working({ spec: { retry: { limit: 1 } } });
    for (let round = 1; round <= 3; round += 1) {
      done(world);
      expect(world.status?.run?.rounds?.count).toBe(round);
      refuse(world);
      step(world, 20);
    }
    settle(world);
    expect(world.status?.run?.stage).toBe('BackingOff');
    expect(world.status?.attempts).toMatchObject([
      { reason: 'VerificationFailed', message: /make test.*refused 3 times/ },
    ]);
    expect(living(world)).toEqual([]);
    step(world, 80_000);
    settle(world);
    expect(world.status?.run?.rounds).toBeUndefined();
    expect(world.status?.verification).toBeUndefined();
    done(world);
    // What was said of the attempt before says nothing of this one.
    expect(world.status?.run).toMatchObject({ attempt: 2, stage: 'Verifying', rounds: { count: 1 } });
  });

  test('starts those once more that had ended well', () => {
    const world = working({ policy: 'Never', extra: { verification: VERIFICATION } });
    end(world, 'a', 0);
    end(world, 'b', 0);
    settle(world);
    refuse(world);
    settle(world);
    expect(world.status?.run).toMatchObject({ attempt: 1, stage: 'Active' });
    expect(living(world)).toEqual(['a', 'b']);
    end(world, 'a', 0);
    step(world, 100);
    end(world, 'b', 0);
    settle(world);
    expect(world.status?.run).toMatchObject({ stage: 'Verifying', rounds: { count: 2, refusals: 1 } });
  });
});

describe('a conflict', () => {
  const integration: IntegrationStatus = {
    state: 'Conflict',
    branch: 'muxlet/web/integration',
    agent: 'b',
    files: ['cart.ts'],
  };

  function conflicted(changes: Partial<DesiredIntegration> = {}) {
    const world = working({ extra: { completion, integration: { ...INTEGRATION, ...changes } } });
    commits(world, 'a', {});
    commits(world, 'b', {});
    done(world);
    finishes(world, 'Conflict', { integration });
    return world;
  }

  test('goes to the hub with branch and files, and is tried again once a branch has moved', () => {
    const world = conflicted();
    withHub(world, 'a');
    const { words, status } = step(world, 20);
    expect(words).toMatchObject([{ agent: 'a', text: /that of b conflicts[^]*cart\.ts/ }]);
    expect(status).toMatchObject({
      phase: 'Running',
      integration: { state: 'Conflict' },
      run: { rounds: { conflicts: 1 } },
    });
    step(world, 60_000);
    step(world, 400);
    expect(world.status?.run?.stage).toBe('Active');
    commits(world, 'b', {}, {});
    step(world, 10);
    step(world, 400);
    expect(world.status?.run).toMatchObject({ stage: 'Verifying', rounds: { count: 2 } });
  });

  test('goes to the agent whose branch it is where there is no hub, and to a person after so many rounds', () => {
    const world = conflicted();
    expect(step(world, 20).words.map(({ agent }) => agent)).toEqual(['b']);
    done(world);
    finishes(world, 'Conflict', { integration });
    const { words, status } = step(world, 20);
    expect(words).toEqual([]);
    expect(status.run?.refused?.told).toEqual([]);
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Stalled', status: 'True', reason: 'MergeConflict' }),
    );
    step(world, 200_000);
    step(world, 400);
    expect(world.status?.run?.stage).toBe('Active');
    step(world, 100_000);
    step(world, 400);
    expect(world.status?.run?.stage).toBe('Verifying');
  });

  test('that a person is to resolve starts nobody and tells nobody', () => {
    const world = working({
      policy: 'Never',
      extra: { integration: { ...INTEGRATION, onConflict: 'Person' } },
    });
    end(world, 'a', 0);
    end(world, 'b', 0);
    settle(world);
    finishes(world, 'Conflict', { integration });
    expect(settle(world).words).toEqual([]);
    expect(world.status?.run).toMatchObject({ stage: 'Active', refused: { told: [] } });
    expect(living(world)).toEqual([]);
  });
});

describe('what could not be done at all', () => {
  test('is tried again after pauses that double, fails nothing, and completes nothing', () => {
    const world = working();
    done(world);
    finishes(world, 'Failed', { message: 'git: index.lock' });
    const first = step(world, 20);
    expect(first.lookAgain).toEqual({ type: 'In', ms: 10_000 });
    expect(verified(world)).toMatchObject({ reason: 'FinishFailed', message: /git: index.lock; tried again at/ });
    expect(world.status?.phase).toBe('Verifying');
    step(world, 10_100);
    step(world, 20);
    expect(world.requests.at(-1)).toMatchObject({ round: 2 });
    finishes(world, 'Failed');
    expect(step(world, 20).lookAgain).toEqual({ type: 'In', ms: 20_000 });
    step(world, -HOUR, 1000);
    expect(step(world, 20_100).status.run?.rounds).toMatchObject({ count: 3, refusals: 0 });
    step(world, 20);
    finishes(world, 'Passed');
    expect(step(world, 20).status.phase).toBe('Completed');
  });

  test('is over with the deadline, which ends no round that is under way', () => {
    const deadline = { after: '1h', extensions: 0, heartbeatTimeout: '1m' };
    const world = working({ spec: { deadline } });
    done(world);
    finishes(world, 'Running');
    for (let left = 0; left < 130; left += 1) step(world, 30_000);
    expect(world.status).toMatchObject({ phase: 'Verifying', run: { stage: 'Verifying' } });
    finishes(world, 'Failed');
    step(world, 20);
    expect(settle(world).status).toMatchObject({ phase: 'Failed', run: { reason: 'DeadlineExceeded' } });
  });
});
