import { describe, expect, test } from 'vitest';
import type { Decision } from '../../controller/api/decision.ts';
import { normalise } from '../../controller/api/normalise.ts';
import { bench, fingerprint, specText, statusOf, storedText, withWeb } from './harness.ts';

describe('plan', () => {
  const decision: Decision = {
    actions: [
      {
        type: 'RenameSession',
        owner: { project: 'web', uid: 'u' },
        session: { server: 'muxlet', id: '$1' },
        name: 'web',
      },
    ],
    status: statusOf(['dev']),
    events: [],
    words: [],
    claim: 'Holds' as const,
    expired: false,
    finished: false,
  };
  const planner = { plan: async () => [{ name: 'web', decision }] };

  test('[S25] tells the actions in the words of the journal, and changes nothing', async () => {
    const { run, root } = await withWeb({ planner });
    const before = await fingerprint(root);
    expect((await run('plan')).out).toBe(
      'project/web (Running):\n  rename session $1 to web\n1 action for 1 project.\n',
    );
    expect(JSON.parse((await run('plan', 'web', '-o', 'json')).out).items[0].actions[0].type).toBe('RenameSession');
    expect(await fingerprint(root)).toBe(before);
  });

  test('fails for a project that is not there', async () => {
    const { run } = await withWeb({ planner });
    expect(await run('plan', 'nope')).toMatchObject({ code: 1, err: expect.stringContaining('(NotFound)') });
  });
});

describe('diff', () => {
  async function applied() {
    const it = await bench();
    const text = specText('web', { agents: ['dev', 'ops'] });
    await it.write('specs/web.yaml', text);
    const object = (
      await it.deps.stores.specs({ specs: `${it.root}/specs`, state: `${it.root}/state`, socket: 'x' })
    ).objects
      .map((each) => each.object)
      .find((each) => each.kind === 'Project');
    if (object?.kind !== 'Project') throw new Error('no project');
    await it.write(
      'state/applied/project/web.json',
      JSON.stringify({ source: 'web.yaml', hash: 'h', seenAt: 1, object }),
    );
    const shell = { apiVersion: object.apiVersion, kind: 'AgentClass' as const, metadata: { name: 'shell' }, spec: {} };
    const context = {
      folder: `${it.root}/specs`,
      home: it.deps.home,
      state: `${it.root}/state`,
      classes: new Map([['shell', shell]]),
      roles: new Map(),
      confirmed: true,
    };
    const desired = normalise(object, context);
    const hashes = new Map(
      desired.type === 'Present' ? desired.project.agents.map((each) => [each.name, each.launchHash]) : [],
    );
    const status = statusOf(['dev', 'ops']);
    const agents = status.agents.map((agent) => ({ ...agent, hash: hashes.get(agent.name) ?? '' }));
    await it.write('state/status/project/web.json', storedText('web', { ...status, agents }));
    return { ...it, text };
  }

  test('finds no difference, and exits 0', async () => {
    const { run } = await applied();
    expect(await run('diff')).toMatchObject({ code: 0, out: '' });
  });

  test('shows the fields, and what becomes of each agent, and exits 1', async () => {
    const { run, write, text } = await applied();
    const changed = text
      .replace('name: ops\n      command: [sleep, infinity]', 'name: ops\n      command: [sleep, "9"]')
      .replace('name: dev\n', 'name: dev\n      restartPolicy: Never\n');
    await write('in/web.yaml', `${changed}    - name: qa\n      command: [true]\n`.replace('[true]', '["true"]'));
    const { code, out } = await run('diff', '-f', 'in');
    expect(code).toBe(1);
    expect(out).toMatch(/^--- running\/project\/web\n\+\+\+ wanted\/project\/web\n@@ -/);
    expect(out).toContain('+      restartPolicy: Never\n');
    expect(out).toContain('agent web.dev is changed live\nagent web.ops restarts\nagent web.qa starts\n');
  });

  test('says which agents end', async () => {
    const { run, write } = await applied();
    await write('specs/web.yaml', specText('web', { agents: ['dev'] }));
    expect((await run('diff', 'web')).out).toContain('agent web.dev is not changed\nagent web.ops ends\n');
  });

  test('exits with more than 1 if it fails', async () => {
    const { run, write } = await applied();
    await write('in/bad.yaml', 'kind: [');
    expect((await run('diff', '-f', 'in')).code).toBe(2);
    expect((await run('diff', 'nope')).code).toBe(2);
  });
});
