import { beforeEach, describe, expect, test } from 'vitest';
import type { DesiredAgent } from '../../../controller/api/desired.ts';
import type { AgentClassSpec, AgentStatus, ProjectStatus } from '../../../controller/api/generated/all.ts';
import { createStartGate, type StartGate } from '../../../controller/runtime/starts/start-gate.ts';

const READING: AgentClassSpec = { reading: { sources: [{ type: 'Title', rules: [] }], startTimeoutSeconds: 20 } };

let now: number;
let timers: { at: number; run: () => void }[];
let hinted: string[];
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
  gate = createStartGate(clock, (key) => hinted.push(key));
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
});
