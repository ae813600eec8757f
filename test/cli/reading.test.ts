import { describe, expect, test } from 'vitest';
import { bench, eventText, fingerprint, specText, statusOf, storedText } from './harness.ts';

async function furnished() {
  const it = await bench();
  await it.write('specs/web.yaml', specText('web', { labels: { team: 'a' }, agents: ['dev', 'ops'] }));
  await it.write('specs/api.yaml', specText('api', { labels: { team: 'b' } }));
  const status = statusOf(['dev', 'ops']);
  await it.write('state/status/project/web.json', storedText('web', status));
  await it.write('state/events.ndjson', eventText('web.1', { count: 5 }));
  return it;
}

describe('get', () => {
  test('shows a table of projects, sorted by name, those that no controller has seen as Pending', async () => {
    const { run } = await furnished();
    const { out, code } = await run('get', 'projects');
    expect(code).toBe(0);
    expect(out).toBe(
      'NAME   READY   PHASE     RESTARTS   AGE\napi    0/1     Pending   0          <unknown>\nweb    2/2     Running   0          120m\n',
    );
  });

  test('shows more with -o wide, and no headings with --no-headers', async () => {
    const { run } = await furnished();
    expect((await run('get', 'proj', 'web', '-o', 'wide')).out).toMatch(/AgentsReady\s+\$1\s+muxlet\s+team=a\n$/);
    expect((await run('get', 'project/web', '--no-headers')).out).toMatch(/^web /);
  });

  test('prints several objects as a List, and one that was named by itself', async () => {
    const { run } = await furnished();
    const list = JSON.parse((await run('get', 'projects', '-o', 'json')).out);
    expect(list).toMatchObject({ apiVersion: 'v1', kind: 'List' });
    expect(list.items[1]).toMatchObject({
      metadata: { name: 'web', labels: { team: 'a' }, uid: 'uid-of-web', generation: 1 },
      spec: { agents: [{ name: 'dev' }, { name: 'ops' }] },
      status: { phase: 'Running', agents: [{ name: 'dev', state: 'Idle', pid: 100, restarts: 0 }, {}] },
    });
    expect(JSON.parse((await run('get', 'project', 'web', '-o', 'json')).out).kind).toBe('Project');
  });

  test('shows of an address no token', async () => {
    const it = await bench();
    const url = 'https://example.org/a.git?token=abc123';
    await it.write('specs/web.yaml', specText('web').replace('spec:', `spec:\n  repo: ${url}`));
    const source = { kind: 'GitSource', apiVersion: 'muxlet.dev/v1alpha1', metadata: { name: 'team' }, spec: { url } };
    await it.write('specs/team.yaml', JSON.stringify(source));
    for (const args of [
      ['project', 'web'],
      ['gitsource', 'team'],
    ]) {
      for (const output of ['yaml', 'json', 'wide']) {
        const { out, code } = await it.run('get', ...args, '-o', output);
        expect(code).toBe(0);
        expect(out).not.toContain('abc123');
      }
      expect((await it.run('describe', ...args)).out).not.toContain('abc123');
    }
    expect((await it.run('get', 'project', 'web', '-o', 'yaml')).out).toContain('https://example.org/a.git?[removed]');
  });

  test('prints names, YAML and JSONPath', async () => {
    const { run } = await furnished();
    expect((await run('get', 'projects', '-o', 'name')).out).toBe('project/api\nproject/web\n');
    expect((await run('get', 'project/web', '-o', 'yaml')).out).toMatch(
      /^apiVersion: muxlet.dev\/v1alpha1\nkind: Project\n/,
    );
    const template = 'jsonpath={range .items[*]}{.metadata.name}={.status.phase}{"\\n"}{end}';
    expect((await run('get', 'projects', '-o', template)).out).toBe('api=Pending\nweb=Running\n');
  });

  test('selects by labels, and sorts by any field', async () => {
    const { run } = await furnished();
    expect((await run('get', 'projects', '-l', 'team in (a,c)', '-o', 'name')).out).toBe('project/web\n');
    expect((await run('get', 'projects', '--sort-by', '.metadata.labels.team', '-o', 'name')).out).toMatch(
      /^project\/web/,
    );
  });

  test('shows several kinds one below the other, with kinds before the names', async () => {
    const { run } = await furnished();
    const { out } = await run('get', 'all');
    expect(out).toMatch(/^NAME {10}READY[^]*project\/web[^]*\n\nNAME {11}[^]*agent\/web\.dev/);
  });

  test('names what is not there, shows the rest, and fails', async () => {
    const { run } = await furnished();
    const { code, out, err } = await run('get', 'projects', 'web', 'nope');
    expect(code).toBe(1);
    expect(out).toContain('web');
    expect(err).toContain('Error from muxlet (NotFound): projects "nope" not found\n');
  });

  test('suggests the nearest resource type and verb, as wrong usage', async () => {
    const { run } = await furnished();
    const typo = await run('get', 'projets');
    expect(typo).toMatchObject({ code: 2, err: expect.stringContaining('did you mean "projects"?') });
    const verb = await run('gte');
    expect(verb).toMatchObject({ code: 2, err: expect.stringContaining('(Did you mean get?)') });
  });

  test('says on stderr that no controller runs, and that there is nothing', async () => {
    const { run } = await bench();
    const { code, out, err } = await run('get', 'projects');
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toBe('no controller runs; what is shown is the specs alone\nNo resources found\n');
  });

  test('says nothing of the controller while one runs', async () => {
    const { run } = await bench({ controller: { find: async () => ({ pid: 7 }), stop: async () => undefined } });
    expect((await run('get', 'projects')).err).toBe('No resources found\n');
  });

  test('shows a project whose spec is gone as Terminating', async () => {
    const { run, write } = await bench();
    await write('state/status/project/old.json', storedText('old', statusOf(['dev'])));
    expect((await run('get', 'projects', '--no-headers')).out).toMatch(/^old +1\/1 +Terminating/);
  });

  test('goes on showing the last good version of a project whose file is broken', async () => {
    const { run, write } = await bench();
    await write('specs/web.yaml', 'kind: [');
    await write('state/status/project/web.json', storedText('web', statusOf(['dev'])));
    const object = {
      apiVersion: 'muxlet.dev/v1alpha1',
      kind: 'Project',
      metadata: { name: 'web' },
      spec: { agents: [{ name: 'dev' }] },
    };
    await write('state/applied/project/web.json', JSON.stringify({ source: 'web.yaml', hash: 'h', seenAt: 1, object }));
    expect((await run('get', 'projects', '--no-headers')).out).toMatch(/^web +1\/1 +Running/);
    expect((await run('get', 'problems')).out).toMatch(/web\.yaml:1:\d+ +Error +ParseError/);
  });

  test('counts events that happened again', async () => {
    const { run } = await furnished();
    expect((await run('get', 'events')).out).toMatch(
      /3m \(x5 over 10m\) +Normal +AgentStarted +project\/web +agent dev started/,
    );
  });

  test('watches until it is interrupted, showing each change', async () => {
    const interrupt = new AbortController();
    const it = await bench({ interrupt: interrupt.signal });
    await it.write('specs/web.yaml', specText('web'));
    await it.write('state/status/project/web.json', storedText('web', statusOf(['dev'])));
    let printed = '';
    const run = it.run.bind(it);
    const stdout = {
      write(text: string) {
        printed += text;
        if (printed.includes('Running') && !printed.includes('Failed')) {
          void it.write('state/status/project/web.json', storedText('web', statusOf(['dev'], { phase: 'Failed' })));
        }
        if (printed.includes('Failed')) interrupt.abort();
      },
    };
    Object.assign(it.deps, { stdout });
    const { code } = await run('get', 'projects', '-w');
    expect(code).toBe(0);
    expect(printed.match(/NAME/g)).toHaveLength(1);
    expect(printed).toMatch(/web +1\/1 +Running[^]*web +1\/1 +Failed/);
  });
});

const READING = [
  { args: ['get', 'all'], verb: 'get all' },
  { args: ['get', 'problems,events,agentclasses'], verb: 'get problems events agentclasses' },
  { args: ['describe', 'projects'], verb: 'describe projects' },
  { args: ['events'], verb: 'events' },
  { args: ['validate'], verb: 'validate' },
  { args: ['diff'], verb: 'diff' },
  { args: ['plan'], verb: 'plan' },
  { args: ['doctor'], verb: 'doctor' },
  { args: ['version'], verb: 'version' },
  { args: ['api-resources'], verb: 'api-resources' },
  { args: ['explain', 'project'], verb: 'explain project' },
  { args: ['completion', 'bash'], verb: 'completion bash' },
  { args: ['__complete', '--', 'get', 'project', ''], verb: '__complete -- get project' },
  { args: ['apply', '-f', 'specs', '--dry-run'], verb: 'apply -f specs --dry-run' },
];

describe('reading verbs', () => {
  test.each(READING)('[S29] $verb works on a fresh checkout', async ({ args }) => {
    const { run, root } = await bench({ programs: answering('tool 99.1') });
    const before = await fingerprint(root);
    const { err } = await run(...args);
    expect(err).not.toMatch(/ENOENT|undefined|MUXLET_DEBUG/);
    expect(await fingerprint(root)).toBe(before);
  });

  test.each(READING)('[S39] $verb changes no file', async ({ args }) => {
    const { run, root } = await furnished();
    const before = await fingerprint(root);
    for (let time = 0; time < 5; time++) await run(...args);
    expect(await fingerprint(root)).toBe(before);
  });
});

function answering(stdout: string) {
  return { run: async () => ({ ok: true, stdout, stderr: '' }), runInTerminal: async () => 0 };
}

describe('describe', () => {
  test('tells all of a project', async () => {
    const { run, write } = await furnished();
    const status = statusOf(['dev']);
    const [dev] = status.agents;
    const lastExit = {
      run: 'r',
      reason: 'Signal' as const,
      signal: 9,
      finishedAt: '2026-03-01T11:59:00.000Z',
      output: ['out of memory', '\u001b[2Jgone'],
    };
    await write(
      'state/status/project/web.json',
      storedText('web', { ...status, agents: [{ ...dev!, restarts: 2, lastExit }] }),
    );
    const { out } = await run('describe', 'project', 'web');
    expect(out).toMatch(/^Name: +web\nLabels: +team=a\n/);
    expect(out).toMatch(/Ready +True +AgentsReady +60m +all agents are ready/);
    expect(out).toMatch(/Last Exit: +Signal, signal 9 \(SIGKILL\), 60s ago/);
    expect(out).toContain('out of memory');
    expect(out).not.toContain('\u001b');
    expect(out).toMatch(/Events:\n +Type +Reason/);
  });

  test('tells of one agent', async () => {
    const { run } = await furnished();
    const { out, code } = await run('describe', 'agent', 'web.dev');
    expect(code).toBe(0);
    expect(out).toMatch(/^Name: +web\.dev\nProject: +web\n[^]*PID: +100\n/);
  });

  test('tells what an agent last reported, how much context is left, and what happened to it alone', async () => {
    const { run, write } = await furnished();
    const status = statusOf(['dev']);
    const [dev] = status.agents;
    const report = { type: 'done' as const, text: 'The cart\nworks.', at: '2026-03-01T11:59:00.000Z' };
    const agents = [{ ...dev!, report, context: { left: 41 } }];
    await write('state/status/project/web.json', storedText('web', { ...status, agents }));
    const lines = [
      eventText('1', { message: 'agent dev: LoginLost: it is not logged in' }),
      eventText('2', { message: 'agent dev runs again' }),
      eventText('3', { message: 'agent developer runs' }),
      eventText('4', { message: 'agent dev runs', involvedObject: { kind: 'Project', name: 'api' } }),
    ];
    await write('state/events.ndjson', lines.join(''));
    const { out } = await run('describe', 'agent', 'web.dev');
    expect(out).toMatch(/Report: +done: The cart works\. \(60s ago\)\n/);
    expect(out).toMatch(/Context Left: +41 %\n/);
    expect(out.split('Events:')[1]?.match(/agent dev.*/g)).toEqual([
      'agent dev: LoginLost: it is not logged in',
      'agent dev runs again',
    ]);
  });
});

describe('events', () => {
  test('are those about the object and of the type', async () => {
    const { run, write } = await furnished();
    const lines = [
      eventText('1'),
      eventText('2', { type: 'Warning', reason: 'AgentExited', involvedObject: { kind: 'Agent', name: 'web.dev' } }),
      eventText('3', { involvedObject: { kind: 'Project', name: 'api' } }),
    ];
    await write('state/events.ndjson', lines.join(''));
    expect((await run('events', '--for', 'project/web', '--no-headers')).out.split('\n')).toHaveLength(3);
    expect((await run('events', '--for', 'project/web', '--types=Warning')).out).toMatch(
      /AgentExited +agent\/web\.dev/,
    );
    expect((await run('events', '--types', 'Odd')).code).toBe(2);
  });
});
