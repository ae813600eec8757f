import { describe, expect, test } from 'vitest';
import { bench, specText } from './harness.ts';

describe('explain', () => {
  test("prints a kind's fields in kubectl's layout", async () => {
    const { run } = await bench();
    const { out } = await run('explain', 'project');
    expect(out).toMatch(/^KIND: {7}Project\nVERSION: {4}muxlet\.dev\/v1alpha1\n\nDESCRIPTION:\n {4}A goal/);
    expect(out).toContain('  spec\t<ProjectSpec> -required-\n');
  });

  test('follows references, lists and maps', async () => {
    const { run } = await bench();
    const { out } = await run('explain', 'project.spec.agents');
    expect(out).toContain('FIELD: agents <[]AgentTemplate>\n');
    expect(out).toContain('  env\t<[]EnvVar>\n');
    expect(out).toMatch(/restartPolicy\t<string>\n[^]*One of:[^]*Default:\s+"Always"/);
    expect((await run('explain', 'project.metadata.labels')).out).toContain('<map[string]string>');
    expect((await run('explain', 'agentclass.spec.finish.keys')).out).toContain('<[]string>');
    expect((await run('explain', 'agent.status.lastExit')).out).toContain('FIELD: lastExit <Exit>');
  });

  test('prints all names below with --recursive', async () => {
    const { run } = await bench();
    expect((await run('explain', 'project.spec', '--recursive')).out).toMatch(
      / {2}agents\t[^\n]*\n {4}approvals\t[^\n]*\n {6}answer\t/,
    );
  });

  test('names the nearest field for a wrong one', async () => {
    const { run } = await bench();
    expect(await run('explain', 'project.spec.agnets')).toMatchObject({
      code: 1,
      err: expect.stringContaining('did you mean "agents"?'),
    });
  });
});

test('api-resources lists the kinds', async () => {
  const { run } = await bench();
  const { out } = await run('api-resources');
  expect(out).toMatch(
    /^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND\nagentclasses +ac +muxlet\.dev\/v1alpha1 +false +AgentClass\n/,
  );
  expect((await run('api-resources', '-o', 'name')).out).toMatch(/^agentclasses\nagentroles\nagents\n/);
});

test('version prints the version, for people and for programs', async () => {
  const { run } = await bench();
  expect((await run('version')).out).toBe('Client Version: v1.2.3\n');
  expect(JSON.parse((await run('version', '-o', 'json')).out).clientVersion.gitVersion).toBe('v1.2.3');
  expect(await run('--version')).toMatchObject({ code: 0, out: '1.2.3\n' });
});

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish'])('prints a script for %s that asks for live names', async (shell) => {
    const { run } = await bench();
    expect((await run('completion', shell)).out).toContain('muxlet __complete -- ');
  });

  test('completes verbs, kinds, names and flags', async () => {
    const { run, write } = await bench();
    await write('specs/web.yaml', specText('web'));
    expect((await run('__complete', '--', 'de')).out).toMatch(/^delete\t.+\ndescribe\t.+\n$/);
    expect((await run('__complete', '--', 'get', 'pro')).out).toBe('problems\nprojects\n');
    expect((await run('__complete', '--', 'get', 'projects', '')).out).toBe('web\n');
    expect((await run('__complete', '--', 'get', 'project/')).out).toBe('project/web\n');
    expect((await run('__complete', '--', 'attach', 'w')).out).toBe('web\n');
    expect((await run('__complete', '--', 'get', '--sel')).out).toMatch(/^--selector\t.+\n$/);
    expect((await run('__complete', '--', 'describe', 'agentrole', 'dev')).out).toBe('developer\ndevops\n');
    expect((await run('__complete', '--', 'get', 'teams', 'code')).out).toBe('code-project\n');
    expect((await run('__complete', '--', 'create', 'project', 'x', '--team', 'web')).out).toBe('web-application\n');
    expect((await run('__complete', '--', 'create', 'project', 'x', '--go')).out).toMatch(/^--goal\t/);
    expect((await run('__complete', '--', 'logs', 'web', '-a', '')).out).toBe('dev\n');
    expect((await run('__complete', '--', 'logs', 'web.')).out).toBe('web.dev\n');
    expect((await run('__complete', '--', 'send', '--to', 'web/')).out).toBe('web/dev\nweb/role:\n');
    expect((await run('__complete', '--', 'send', '--to', 'role:devo')).out).toBe('role:devops\n');
    expect((await run('__complete', '--', 'get', '-o', '')).out).toBe('json\njsonpath=\nname\nwide\nyaml\n');
    expect((await run('__complete', '--', 'get', '--output=j')).out).toBe('--output=json\n--output=jsonpath=\n');
    expect((await run('__complete', '--', 'suspend', '')).out).toBe('project\n');
    expect((await run('__complete', '--', 'suspend', 'project', '')).out).toBe('web\n');
    expect((await run('__complete', '--', 'apply', '-f', '')).out).toBe(':files\n');
    expect((await run('__complete', '--', 'get', '--specs', '')).out).toBe(':directories\n');
    expect((await run('__complete', '--', 'service', 'in')).out).toMatch(/^install\t/);
    expect((await run('__complete', '--', '--tmux-socket', 'x', 'describe', 'project', 'w')).out).toBe('web\n');
    expect((await run('__complete', '--', 'report', 'q')).out).toBe('question\n');
    expect((await run('__complete', '--', 'get', '--hel')).out).toMatch(/^--help\t.+\n$/);
    expect((await run('__complete', '--', 'top', '')).out).toBe('agents\nprojects\nqueues\n');
    expect((await run('__complete', '--', 'top', '--project', '')).out).toBe('web\n');
    expect((await run('__complete', '--', 'edit', 'a')).out).toBe('agentclasses\nagentroles\nalerts\n');
    expect((await run('__complete', '--', 'get', 'agent')).out).toBe('agentclasses\nagentroles\nagents\n');
    await write(
      'specs/alert.yaml',
      `apiVersion: muxlet.dev/v1alpha1\nkind: Alert\nmetadata: {name: me}\nspec: {receivers: [{name: screen, desktop: {}}]}\n`,
    );
    expect((await run('__complete', '--', 'alert', 'test', '')).out).toBe('me\n');
    expect((await run('__complete', '--', 'alert', 'test', 'me', '--receiver', '')).out).toBe('screen\n');
  });

  test('is silent about whatever is wrong', async () => {
    const { run, write } = await bench();
    await write('specs/web.yaml', 'kind: [');
    for (const words of [
      [],
      [''],
      ['nothing', ''],
      ['get', 'nothing', ''],
      ['logs', '../../etc.', ''],
      ['-', '--', '-'],
    ]) {
      expect(await run('__complete', '--', ...words)).toMatchObject({ code: 0, err: '' });
    }
    expect(await run('--tmux-socket', '/', '__complete', '--', 'get', 'projects', '')).toMatchObject({
      code: 0,
      err: '',
    });
  });
});

describe('agentclass check', () => {
  test('says file, line, column and field of each finding, also within a List, and what is right', async () => {
    const { run, write } = await bench();
    const head = 'apiVersion: muxlet.dev/v1alpha1';
    await write(
      'classes.yaml',
      `${head}
kind: List
items:
  - ${head}
    kind: AgentClass
    metadata: {name: one}
    spec:
      command: [x]
      context: {policy: compact}
  - ${head}
    kind: AgentClass
    metadata: {name: two}
    spec: {plan: constructor, version: {command: [x], seen: '2.x ||| 3'}, delivery: {submit: [Entr]}}
`,
    );
    const { code, out } = await run('agentclass', 'check', 'classes.yaml');
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(
        /^classes\.yaml:13:61: items\[1\]\.spec\.version\.seen: .*no range of versions \(a range as npm/,
      ),
      expect.stringMatching(
        /^classes\.yaml:13:18: items\[1\]\.spec\.plan: there is no plan constructor \(say how many/,
      ),
      expect.stringMatching(/^classes\.yaml:13:95: items\[1\]\.spec\.delivery\.submit\[0\]: .*\(write Enter;/),
      expect.stringMatching(/^classes\.yaml:9:16: spec\.context: policy compact needs/),
      '',
    ]);
  });
});

describe('validate', () => {
  test('is silent about nothing but what is wrong, with places', async () => {
    const { run, write } = await bench();
    await write('specs/web.yaml', specText('web'));
    expect(await run('validate')).toMatchObject({ code: 0, out: '', err: '1 object valid\n' });
    await write('specs/bad.yaml', specText('bad').replace('command', 'comand'));
    const { code, out } = await run('validate');
    expect(code).toBe(1);
    expect(out).toMatch(/bad\.yaml:8:7: spec\.agents\[0\]\.comand: [^\n]+command[^\n]*\n/);
  });

  test('[S16] tries the templates of roles', async () => {
    const { run, write } = await bench();
    const text = (briefing: string) =>
      `apiVersion: muxlet.dev/v1alpha1\nkind: AgentRole\nmetadata: {name: r}\nspec:\n  briefing: '${briefing}'\n`;
    const wrong = /r\.yaml(:1:1)?: spec\.briefing: undefined variable: gaol, line:1, col:\d+ \(it knows agent, /;
    await write('specs/r.yaml', text('For {{ gaol }}'));
    expect(await run('validate')).toMatchObject({ code: 1, out: expect.stringMatching(wrong) });
    expect(await run('validate', '-f', 'specs/r.yaml')).toMatchObject({ code: 1, out: expect.stringMatching(wrong) });
    expect(await run('apply', '-f', 'specs/r.yaml')).toMatchObject({ code: 1, err: expect.stringMatching(wrong) });
    await write('specs/r.yaml', text('{{ goal }} {{ repo | upcase }} {% for m in team %}{{ m.role }}{% endfor %}'));
    expect(await run('validate')).toMatchObject({ code: 0, out: '' });
  });

  test('names approvals of which the class knows nothing, which would never be given', async () => {
    const { run, write } = await bench();
    const approvals = '[{dialog: TrustDialg, answer: accept}, {dialog: TrustDialog, answer: acept}]';
    await write(
      'specs/web.yaml',
      `${specText('none')}---\napiVersion: muxlet.dev/v1alpha1\nkind: Project\nmetadata: {name: web}
spec:
  agents:
    - name: dev
      class: claude
      approvals: ${approvals}
    - {name: new, class: not-there, approvals: [{dialog: X, answer: y}]}
`,
    );
    const { code, out } = await run('validate');
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(
        /web\.yaml:\d+:28: spec\.agents\[0\]\.approvals\[0\]\.dialog: class claude has no dialog TrustDialg: .*did you mean TrustDialog\?/,
      ),
      expect.stringMatching(
        /web\.yaml:\d+:\d+: spec\.agents\[0\]\.approvals\[1\]\.answer: dialog TrustDialog .* has no answer acept: .*did you mean accept\?/,
      ),
      '',
    ]);
    expect((await run('validate', '-f', 'specs/web.yaml')).out).toBe(out);
  });

  test('reads standard input', async () => {
    const { run } = await bench({ input: 'kind: Projet\n' });
    expect(await run('validate', '-f', '-')).toMatchObject({ code: 1, out: expect.stringMatching(/^<stdin>:1:/) });
  });
});

describe('the program', () => {
  test('[S5] tells wrong usage from failure by its exit code', async () => {
    const { run } = await bench();
    expect((await run('get', '--nonsense')).code).toBe(2);
    expect((await run('get')).code).toBe(2);
    expect((await run('version', 'extra')).code).toBe(2);
    expect((await run('get', 'projects', '-o', 'odd')).code).toBe(2);
    expect((await run('get', 'projects', '-l', 'a in')).code).toBe(2);
    expect((await run('--help')).code).toBe(0);
    expect((await run()).code).toBe(2);
  });

  test('prints one line for an unexpected error, and the stack if asked', async () => {
    const planner = { plan: () => Promise.reject(new TypeError('boom')) };
    const quiet = await (await bench({ planner })).run('plan');
    expect(quiet).toMatchObject({ code: 1, err: expect.stringMatching(/^error: boom\nhint: [^\n]+\n$/) });
    const loud = await (await bench({ planner, env: { MUXLET_DEBUG: '1' } })).run('plan');
    expect(loud.err).toContain('at ');
  });

  test('takes its directories from flags, before or after the verb, else from the environment', async () => {
    const { run, write } = await bench({ env: { MUXLET_SPECS: 'theirs' } });
    await write('theirs/web.yaml', specText('web'));
    await write('mine/api.yaml', specText('api'));
    expect((await run('get', 'projects', '-o', 'name')).out).toBe('project/web\n');
    expect((await run('get', 'projects', '-o', 'name', '--specs', 'mine')).out).toBe('project/api\n');
    expect((await run('--specs', 'mine', 'get', 'projects', '-o', 'name')).out).toBe('project/api\n');
  });

  test('is coloured on a terminal only, and not with NO_COLOR', async () => {
    const isTTY = { stdin: true, stdout: true, stderr: true };
    const colour = await (await bench({ isTTY })).run('get', 'nope/x');
    expect(colour.err).toContain('\u001b[31m');
    const plain = await (await bench({ isTTY, env: { NO_COLOR: '1' } })).run('get', 'nope/x');
    expect(plain.err).not.toContain('\u001b');
  });
});
