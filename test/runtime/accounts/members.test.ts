import { describe, expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import { createMembers } from '../../../controller/runtime/accounts/members.ts';
import type { SeenProject } from '../../../controller/runtime/project-worker.ts';

const RESTORED = 1_000_000_000;
const RUN = `${RESTORED - 60_000}-1`;

function world() {
  const said = new Map<string, AgentReading>();
  const told: string[] = [];
  const members = createMembers({
    readings: (uid) => [...said].flatMap(([key, reading]) => (key.startsWith(`${uid}/`) ? [reading] : [])),
    onChange: (name) => told.push(name),
  });
  return {
    members,
    told,
    says(uid: string, agent: string, reading: Partial<AgentReading>) {
      const whole = { agent, run: RUN, at: RESTORED - 1000, movedAt: 0, turns: { prompts: [] }, ...reading };
      said.set(`${uid}/${agent}`, whole as AgentReading);
    },
    seen(uid: string, agents: Readonly<Record<string, string>>, { runs = {}, type = 'Present' }: Seen = {}) {
      const names = Object.keys(agents);
      members.seen({
        key: `project/${uid}`,
        uid,
        desired: {
          type,
          project: { annotations: {}, agents: names.map((name) => ({ name, class: agents[name] })) },
        },
        status: { agents: names.map((name) => ({ name, pid: 1, run: runs[name] ?? RUN })) },
      } as unknown as SeenProject);
    },
  };
}

interface Seen {
  readonly runs?: Readonly<Record<string, string>>;
  readonly type?: string;
}

describe('members of a class', () => {
  test('are those of all projects, each with what its present run says', () => {
    const { members, seen, says } = world();
    says('a', 'dev', { state: 'Idle' });
    says('b', 'dev', { state: 'Busy', run: 'an earlier one' });
    seen('a', { dev: 'coder', ops: 'shell' });
    seen('b', { dev: 'coder' });
    expect(members.of('coder').map(({ member, reading }) => [member.project, reading?.state])).toEqual([
      ['a', 'Idle'],
      ['b', undefined],
    ]);
    members.forget('a');
    expect(members.of('shell')).toEqual([]);
  });

  test('stay what they were while their spec cannot be acted on', () => {
    const { members, seen } = world();
    seen('a', { dev: 'coder' });
    seen('a', {}, { type: 'Rejected' });
    expect(members.of('coder')).toHaveLength(1);
  });

  test('[S119] are told of once for each change that matters to their class', () => {
    const { told, seen, says } = world();
    seen('a', { dev: 'coder', ops: 'shell' });
    expect(told.splice(0).sort()).toEqual(['coder', 'shell']);
    says('a', 'dev', { state: 'NeedsAuth' });
    seen('a', { dev: 'coder', ops: 'shell' });
    says('a', 'dev', { state: 'NeedsAuth', movedAt: 99 });
    seen('a', { dev: 'coder', ops: 'shell' });
    expect(told).toEqual(['coder']);
  });
});

describe('[S118] [S119] once the login is back', () => {
  const agents = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, 'coder']));

  test('agents that still show the loss are started anew two at a time, and two more every five seconds', () => {
    const { members, seen, says } = world();
    for (const agent of Object.keys(agents)) says('p', agent, { state: 'NeedsAuth' });
    seen('p', agents);
    const turns = [0, 4999, 5000, 10_000, 60_000].map(
      (ms) => members.restarting('coder', RESTORED, RESTORED + ms).length,
    );
    expect(turns).toEqual([2, 2, 4, 5, 5]);
  });

  test('whoever was started since, or worked on, is left alone', () => {
    const { members, seen, says } = world();
    const later = `${RESTORED + 10}-2`;
    says('p', 'a', { state: 'NeedsAuth', run: later, at: RESTORED - 5 });
    says('p', 'b', { state: 'NeedsAuth', at: RESTORED + 5 });
    says('p', 'c', { state: 'Idle' });
    seen('p', agents, { runs: { a: later } });
    expect(members.restarting('coder', RESTORED, RESTORED + 60_000)).toEqual([]);
  });
});
