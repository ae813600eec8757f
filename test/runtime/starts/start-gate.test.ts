import { beforeEach, describe, expect, test } from 'vitest';
import type { DesiredAgent } from '../../../controller/api/desired.ts';
import type { AgentClassSpec, AgentStatus, ProjectStatus } from '../../../controller/api/generated/all.ts';
import { agentUid } from '../../../controller/api/metadata.ts';
import { createStartGate, type StartGate } from '../../../controller/runtime/starts/start-gate.ts';

const READING: AgentClassSpec = { reading: { sources: [{ type: 'Title', rules: [] }], startTimeoutSeconds: 20 } };

let now: number;
let timers: { at: number; run: () => void }[];
let hinted: string[];
let alive: string[];
let gate: StartGate;

beforeEach(() => {
  now = 1_000_000;
  timers = [];
  hinted = [];
  const clock = {
    now: () => now,
    after(ms: number, run: () => void) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  alive = [];
  gate = createStartGate({ clock, hint: (key) => hinted.push(key), living: () => alive });
});

function pass(ms: number): void {
  now += ms;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { run } of due) run();
}

function agent(name: string, program: AgentClassSpec = READING, agentClass = 'claude'): DesiredAgent {
  return { name, class: agentClass, program, launchHash: 'h' } as DesiredAgent;
}

function hold(project: string, agents: readonly DesiredAgent[], previous: readonly AgentStatus[] = []): string[] {
  return gate.hold({ project, uid: `uid-${project}`, previous }, agents).map((obstacle) => obstacle.agent);
}

function seen(project: string, status: Partial<AgentStatus>): void {
  gate.seen({ uid: `uid-${project}`, status: { agents: [status] } as unknown as ProjectStatus });
}

describe('[S132] the gate of starts', () => {
  test('lets two of a class through, whichever project they are of, and others after them', () => {
    expect(hold('a', [agent('x'), agent('y'), agent('z')])).toEqual(['z']);
    expect(hold('b', [agent('x'), agent('c', READING, 'codex')])).toEqual(['x']);
    gate.launched('uid-a', agent('x'), 'r1');
    seen('a', { name: 'x', run: 'r1', pid: 1, state: 'Starting' });
    expect(hinted).toEqual([]);
    seen('a', { name: 'x', run: 'r1', pid: 1, state: 'Idle' });
    expect(hinted).toEqual(['project/a']);
    expect(hold('a', [agent('z')])).toEqual([]);
  });

  test('waits for nobody where there is no account', () => {
    expect(
      hold(
        'a',
        ['1', '2', '3', '4'].map((name) => agent(name, {})),
      ),
    ).toEqual([]);
  });

  test('counts an agent that nothing can be read of as up once it has lived for three seconds', () => {
    const limited = (name: string) => agent(name, { limits: {} });
    expect(hold('a', [limited('x'), limited('y'), limited('z')])).toEqual(['z']);
    for (const name of ['x', 'y']) gate.launched('uid-a', limited(name), `r-${name}`);
    seen('a', { name: 'x', run: 'r-x', pid: 1, state: 'Busy' });
    expect(hinted).toEqual([]);
    pass(3000);
    expect(hinted).toEqual(['project/a']);
  });

  test('gives a place back that is not used, and one whose agent ended or says nothing for its time', () => {
    expect(hold('a', [agent('x'), agent('y'), agent('z')])).toEqual(['z']);
    pass(3000);
    expect(hold('b', [agent('x'), agent('y')])).toEqual([]);
    gate.launched('uid-b', agent('x'), 'r1');
    gate.launched('uid-b', agent('y'), 'r2');
    expect(hold('c', [agent('x')])).toEqual(['x']);
    seen('b', {
      name: 'x',
      run: 'r1',
      state: 'Starting',
      lastExit: { run: 'r1', reason: 'Error', finishedAt: '', output: [] },
    });
    expect(hold('c', [agent('x')])).toEqual([]);
    expect(hold('d', [agent('x')])).toEqual(['x']);
    pass(20_000);
    expect(hold('d', [agent('x')])).toEqual([]);
  });

  test('gives no place to one that would not start yet', () => {
    const previous = ['x', 'y'].map(
      (name) =>
        ({ name, state: 'CrashLoopBackOff', nextRestartAt: new Date(now + 60_000).toISOString() }) as AgentStatus,
    );
    expect(hold('a', [agent('x'), agent('y'), agent('z'), agent('w')], previous)).toEqual([]);
  });

  test('an agent that is started again takes its own place', () => {
    expect(hold('a', [agent('x'), agent('y')])).toEqual([]);
    gate.launched('uid-a', agent('x'), 'r1');
    expect(hold('a', [agent('x')])).toEqual([]);
  });

  describe('on a plan', () => {
    const PLAN: AgentClassSpec = { plan: 'pro', plans: { pro: 3, max: 8 } };
    const on = (name: string) => agent(name, PLAN);
    const claude = (name: string, pid?: number) =>
      ({ name, class: 'claude', run: 'r', ...(pid !== undefined && { pid, state: 'Busy' }) }) as AgentStatus;
    const see = (project: string, ...agents: AgentStatus[]) => {
      gate.seen({ uid: `uid-${project}`, status: { agents } as unknown as ProjectStatus });
      alive = agents.filter(({ pid }) => pid !== undefined).map(({ name }) => agentUid(`uid-${project}`, name));
    };

    test('no more run than it carries, and who waits is told why', () => {
      see('a', claude('x', 1), claude('y', 2), claude('z', 3));
      expect(gate.hold({ project: 'b', uid: 'uid-b', previous: [] }, [on('w')])).toEqual([
        { agent: 'w', reason: 'AgentsTaken', message: 'plan pro carries 3 at once of class claude, and 3 run' },
      ]);
      expect(hold('b', [agent('w', { ...PLAN, plan: 'max' })])).toEqual([]);
      expect(hold('b', [agent('w', { plans: PLAN.plans ?? {} })])).toEqual([]);
    });

    test('those that are being started count, and one that is started again takes its own place', () => {
      see('a', claude('x', 1), claude('y', 2), claude('z'));
      expect(hold('a', [on('z')])).toEqual([]);
      expect(hold('b', [on('w')])).toEqual(['w']);
      expect(hold('a', [on('z')])).toEqual([]);
    });

    test('the next is hinted once as one ends, and not for as long as nothing does', () => {
      see('a', claude('x', 1), claude('y', 2), claude('z', 3));
      expect(hold('b', [on('w')])).toEqual(['w']);
      see('a', claude('x', 1), claude('y', 2), claude('z', 3));
      expect(hinted).toEqual([]);
      see('a', claude('x', 1), claude('y', 2), claude('z'));
      see('a', claude('x', 1), claude('y', 2), claude('z'));
      expect(hinted).toEqual(['project/b']);
      expect(hold('b', [on('w')])).toEqual([]);
    });
  });
});
