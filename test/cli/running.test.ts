import { describe, expect, test } from 'vitest';
import type { Decision } from '../../controller/api/decision.ts';
import { normalise } from '../../controller/api/normalise.ts';
import type { LogLine } from '../../controller/cli/ports.ts';
import { type BenchOptions, bench, fingerprint, specText, statusOf, storedText } from './harness.ts';

async function withWeb(options: BenchOptions = {}, agents = ['dev', 'ops']) {
  const it = await bench(options);
  await it.write('specs/web.yaml', specText('web', { agents }));
  await it.write('state/status/project/web.json', storedText('web', statusOf(agents)));
  return it;
}

describe('attach', () => {
  const TERMINAL = { stdin: true, stdout: true, stderr: true };

  async function attaching(options: BenchOptions = {}) {
    const calls: { argv: readonly string[]; env: Readonly<Record<string, string | undefined>> }[] = [];
    const runInTerminal = async (argv: readonly string[], env: Readonly<Record<string, string | undefined>>) => {
      calls.push({ argv, env });
      return 0;
    };
    const run = async () => ({ ok: false, stdout: '', stderr: '' });
    return { ...(await withWeb({ isTTY: TERMINAL, programs: { run, runInTerminal }, ...options })), calls };
  }

  test('goes to the session by its id', async () => {
    const { run, calls } = await attaching();
    expect((await run('attach', 'web')).code).toBe(0);
    expect(calls[0]?.argv).toEqual(['tmux', '-L', 'muxlet', 'attach-session', '-t', '$1']);
  });

  test("chooses the agent's window and pane by their ids, and can be read-only", async () => {
    const { run, calls } = await attaching();
    await run('attach', 'project/web', '-a', 'ops', '-r');
    expect(calls[0]?.argv.slice(3)).toEqual([
      'select-window',
      '-t',
      '@1',
      ';',
      'select-pane',
      '-t',
      '%1',
      ';',
      'attach-session',
      '-r',
      '-t',
      '$1',
    ]);
  });

  test('[S44] works from within tmux, and says how to detach', async () => {
    const { run, calls } = await attaching({ env: { TMUX: '/tmp/x,1,0', TMUX_PANE: '%9', HOME: '/h' } });
    expect((await run('attach', 'web')).err).toContain('C-b C-b d');
    expect(calls[0]?.env).toMatchObject({ HOME: '/h', TMUX: undefined, TMUX_PANE: undefined });
  });

  test('without a terminal prints the command to use, and fails', async () => {
    const { run, calls } = await attaching({ isTTY: { stdin: false, stdout: false, stderr: false } });
    const { code, err } = await run('attach', 'web.dev');
    expect(code).toBe(1);
    expect(err).toContain(`tmux -L muxlet select-window -t @0 ';' select-pane -t %0 ';' attach-session -t '$1'`);
    expect(calls).toEqual([]);
  });

  test('[S38] an unknown agent is an error that lists the agents', async () => {
    const { run, calls } = await attaching();
    expect(await run('attach', 'web', '-a', 'boss')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/agent "boss" not found[^]*dev, ops/),
    });
    expect(calls).toEqual([]);
  });
});

describe('logs', () => {
  const line = (step: number, run: string, text: string): LogLine => {
    return { run, text, at: Date.parse('2026-03-01T11:00:00Z') + step * 600_000 };
  };
  const LINES = [line(0, 'a', 'one'), line(1, 'a', 'two'), line(2, 'b', 'three'), line(5, 'b', 'four')];
  const logs = {
    open: async (_places: unknown, uid: string) => ({
      lines: uid === 'uid-dev' ? LINES : [],
      follow: async function* () {
        yield line(6, 'b', 'five');
      },
    }),
  };

  test("are the agent's lines, from the end and since a time", async () => {
    const { run } = await withWeb({ logs });
    expect((await run('logs', 'web', '-a', 'dev')).out).toBe('one\ntwo\nthree\nfour\n');
    expect((await run('logs', 'web.dev', '--tail', '1')).out).toBe('four\n');
    expect((await run('logs', 'web.dev', '--tail=0')).out).toBe('');
    expect((await run('logs', 'web.dev', '--since=15m')).out).toBe('four\n');
    expect((await run('logs', 'web.dev', '-p')).out).toBe('one\ntwo\n');
    expect((await run('logs', 'web.dev', '--timestamps', '--tail=1')).out).toBe('2026-03-01T11:50:00.000Z four\n');
  });

  test('are followed from the last line that was shown', async () => {
    const { run } = await withWeb({ logs });
    expect((await run('logs', 'web.dev', '-f', '--tail=1')).out).toBe('four\nfive\n');
  });

  test('[S38] need an agent where there are several, and never fall back to another', async () => {
    const { run } = await withWeb({ logs });
    expect(await run('logs', 'web')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('-a: dev, ops') });
    expect(await run('logs', 'web', '-a', 'de')).toMatchObject({ code: 1, out: '' });
    expect(await run('logs', 'wbe')).toMatchObject({ code: 1, err: expect.stringContaining('did you mean "web"?') });
  });

  test('need no agent where there is one only', async () => {
    const { run } = await withWeb({ logs }, ['dev']);
    expect((await run('logs', 'web', '--tail=1')).out).toBe('four\n');
  });
});

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
    claim: 'Holds',
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

describe('wait', () => {
  async function withWeb() {
    const it = await bench();
    await it.write('specs/web.yaml', specText('web'));
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev'])));
    return it;
  }

  test('does not take the status of the spec before the last change for that of the present one', async () => {
    const it = await withWeb();
    await it.write('specs/web.yaml', specText('web', { agents: ['dev', 'ops'] }));
    expect((await it.run('wait', '--for=condition=Ready', 'project/web', '--timeout=20ms')).code).toBe(1);
  });

  test.each([
    ['condition=Ready', 'project/web condition met\n'],
    ['phase=Running', 'project/web condition met\n'],
    ['jsonpath={.status.phase}=Running', 'project/web condition met\n'],
    ['jsonpath=.status.agents[0].name=dev', 'project/web condition met\n'],
  ])('ends at once for %s', async (goal, message) => {
    const { run } = await withWeb();
    expect(await run('wait', '--for', goal, 'project/web')).toMatchObject({ code: 0, out: message });
  });

  test('sees what comes later', async () => {
    const it = await withWeb();
    const waiting = it.run('wait', '--for=phase=Failed', 'project/web', '--timeout=10s');
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev'], { phase: 'Failed' })));
    expect((await waiting).code).toBe(0);
  });

  test('fails when the time is up, and for what is not there', async () => {
    const { run } = await withWeb();
    expect(await run('wait', '--for=phase=Failed', 'project/web', '--timeout=20ms')).toMatchObject({
      code: 1,
      err: expect.stringContaining('timed out waiting for the condition on project/web'),
    });
    expect((await run('wait', '--for=condition=Ready', 'project/nope')).code).toBe(1);
    expect(await run('wait', '--for=delete', 'project/nope')).toMatchObject({ code: 0, out: 'project/nope deleted\n' });
    expect((await run('wait', '--for=nonsense', 'project/web')).code).toBe(2);
  });

  test('does not take a condition of an older generation for this one', async () => {
    const it = await withWeb();
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev', 'ops']), { generation: 2 }));
    expect((await it.run('wait', '--for=condition=Ready', 'project/web', '--timeout=20ms')).code).toBe(1);
  });
});

describe('down', () => {
  const SESSIONS = [{ server: 'muxlet', id: '$1', name: 'web', project: 'web', uid: 'u' }];

  function world({ stops = true, controller = true } = {}) {
    const log: string[] = [];
    let runs = controller;
    return {
      log,
      controller: {
        find: async () => (runs ? { pid: 7 } : undefined),
        stop: async () => {
          log.push('stop controller');
          if (stops) runs = false;
        },
      },
      teardown: {
        sessions: async () => SESSIONS,
        end: async (_places: unknown, { id }: { id: string }) => {
          log.push(`end ${id}`);
          return { ok: true };
        },
        endEmptyServers: async () => [],
      },
    };
  }

  test('ends the controller first, then the sessions', async () => {
    const { log, ...ports } = world();
    const { run } = await bench(ports);
    expect(await run('down', '--yes')).toMatchObject({
      code: 0,
      out: 'controller 7 ended\nproject/web (session $1 on muxlet) ended\n',
    });
    expect(log).toEqual(['stop controller', 'end $1']);
  });

  test('ends nothing while a controller would make it again', async () => {
    const { log, ...ports } = world({ stops: false });
    const { run } = await bench(ports);
    expect(await run('down', '--yes', '--timeout=20ms')).toMatchObject({
      code: 1,
      err: expect.stringContaining('process 7'),
    });
    expect(log).toEqual(['stop controller']);
  });

  test('[S13] reads no answer where there is no terminal', async () => {
    const { log, ...ports } = world();
    const { run } = await bench({ ...ports, input: 'y\n' });
    expect(await run('down')).toMatchObject({ code: 1, err: expect.stringContaining('--yes') });
    expect(log).toEqual([]);
  });

  test.each([
    ['y\n', ['end $1']],
    ['\n', []],
  ])('asks on a terminal: %j', async (input, expected) => {
    const { log, ...ports } = world({ controller: false });
    const { run } = await bench({ ...ports, input, isTTY: { stdin: true, stdout: true, stderr: true } });
    await run('down');
    expect(log).toEqual(expected);
  });

  test('ends our empty servers where nothing else is left, without a question', async () => {
    const { log: _, ...ports } = world({ controller: false });
    const teardown = { ...ports.teardown, sessions: async () => [], endEmptyServers: async () => ['muxlet'] };
    const { run } = await bench({ ...ports, teardown });
    expect(await run('down')).toMatchObject({ code: 0, out: 'tmux server muxlet ended\n', err: '' });
  });

  test('fails if a session could not be ended', async () => {
    const { log: _, ...ports } = world({ controller: false });
    const end = async () => ({ ok: false, error: 'tmux did not answer' });
    const { run } = await bench({ ...ports, teardown: { ...ports.teardown, end } });
    expect(await run('down', '-y')).toMatchObject({ code: 1, err: expect.stringContaining('tmux did not answer') });
  });
});
