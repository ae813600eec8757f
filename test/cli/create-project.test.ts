import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Project } from '../../controller/api/generated/all.ts';
import { globToRegExp } from '../../controller/cli/propose/glob.ts';
import { languagesOf } from '../../controller/cli/propose/languages.ts';
import { type Bench, bench } from './harness.ts';

/** git answers with these files, as it would for a repository that tracks them. */
async function repository(files: readonly string[]): Promise<Bench> {
  const it = await bench({
    programs: {
      run: async (argv) => ({ ok: argv[0] === 'git', stdout: files.map((file) => `${file}\0`).join(''), stderr: '' }),
      runInTerminal: async () => 127,
    },
  });
  await it.write('repo/README.md', '');
  return it;
}

const many = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => name(index));
const GOAL = ['--goal', 'Sell things.', '--class', 'claude'];

async function proposed(files: readonly string[], ...flags: string[]) {
  const it = await repository(files);
  const { code, out, err } = await it.run('create', 'project', 'shop', '--repo', 'repo', ...GOAL, ...flags);
  const text = code === 0 ? await it.read('specs/shop.yaml') : '';
  return { it, code, out, err, text, project: parse(text || '{}') as Project };
}

describe('create project --repo', () => {
  test.each([
    ['web-application', ['package.json', 'index.html', 'vite.config.ts', ...many(50, (n) => `src/view-${n}.tsx`)]],
    ['web-application', ['manage.py', 'requirements.txt', ...many(20, (n) => `shop/templates/page-${n}.html`)]],
    ['code-project', ['go.mod', 'Makefile', 'docker-compose.yaml', ...many(90, (n) => `pkg/p${n}.go`)]],
    ['code-project', ['package.json', 'README.md', ...many(30, (n) => `lib/m${n}.js`)]],
    ['infrastructure-as-code', ['Makefile', 'main.tf', ...many(20, (n) => `modules/m${n}/main.tf`)]],
    ['data-pipeline', ['pyproject.toml', 'dags/daily.py', 'dvc.yaml', ...many(20, (n) => `sql/q${n}.sql`)]],
    ['system-deployment', ['ansible.cfg', 'inventory/hosts', ...many(10, (n) => `roles/r${n}/tasks/main.yml`)]],
  ])('proposes %s', async (team, files) => {
    const { code, err } = await proposed(files);
    expect(code).toBe(0);
    expect(err).toMatch(new RegExp(`\nteam ${team}: `));
  });

  test('[S13] writes the project with comments, says why, and asks nothing', async () => {
    const { it, out, err, text, project } = await proposed(['go.mod', 'main.go', 'x.sql']);
    expect(out).toBe('project/shop created\n');
    expect(err).toBe(
      `${it.root}/repo: 3 tracked files; Go 33 %, SQL 33 %\nteam code-project: go.mod\nsize small, 3 agents: fewer than 200 files\n`,
    );
    expect(text).toMatch(/^# Written by 'muxlet create project'/);
    expect(text).toContain('# 3 of the 8 members of team code-project (size small).');
    expect(project.spec).toEqual({
      goal: 'Sell things.',
      repo: `${it.root}/repo`,
      workTree: { policy: 'PerAgent' },
      agents: ['orchestrator', 'developer', 'tester'].map((role) => ({ name: role, role, class: 'claude' })),
    });
    expect((await it.run('validate')).code).toBe(0);
  });

  test('takes the size from the number of files, and no more members than there are', async () => {
    expect((await proposed(['go.mod', ...many(199, (n) => `f${n}`)])).project.spec.agents).toHaveLength(5);
    const { project } = await proposed(['go.mod', ...many(2000, (n) => `f${n}`)]);
    expect(project.spec.agents.map(({ name, role }) => `${name} ${role}`)).toContain('developer-2 developer');
    expect(project.spec.agents).toHaveLength(8);
  });

  test('takes team and size from flags, and a goal from a file', async () => {
    const it = await repository(['go.mod']);
    await it.write('GOAL.md', 'all of it');
    const flags = ['--goal', 'GOAL.md', '--team', 'data-pipeline', '--size', 'medium', '--class', 'codex'];
    const { err } = await it.run('create', 'project', 'flow', '--repo', 'repo', ...flags);
    expect(err).toContain('team data-pipeline\nsize medium, 5 agents\n');
    expect(parse(await it.read('specs/flow.yaml')).spec).toMatchObject({
      goalFile: `${it.root}/GOAL.md`,
      agents: expect.arrayContaining([{ name: 'databaseops', role: 'databaseops', class: 'codex' }]),
    });
  });

  test('proposes no more agents than the plan of the account carries, and says so', async () => {
    const files = ['go.mod', ...many(2000, (n) => `f${n}`)];
    const { err, project } = await proposed(files, '--plan', 'max5');
    expect(err).toContain('size large, 8 agents: 2000 files or more\n');
    expect(err).toContain('\n5 agents and not 8: plan max5 carries 5 agents of class claude at once\n');
    expect(project.spec.agents).toHaveLength(5);
    const wrong = await proposed(files, '--plan', 'max4');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/knows no plan max4[^]*did you mean max5/)]);
  });

  test('members of a team that are of other classes have accounts, and plans, of their own', async () => {
    const it = await repository(['x.zig']);
    const head = 'apiVersion: muxlet.dev/v1alpha1\n';
    const members =
      '[{role: developer}, {role: tester}, {role: developer, class: other}, {role: tester, class: other}]';
    await it.write(
      'specs/mixed.yaml',
      `${head}kind: Team\nmetadata: {name: mixed}\nspec: {members: ${members}, sizes: {small: 4}, signs: ['*.zig']}
---
${head}kind: AgentClass\nmetadata: {name: other}\nspec: {command: [x], plan: solo, plans: {solo: 1}}
`,
    );
    const { err } = await it.run('create', 'project', 'z', '--repo', 'repo', ...GOAL, '--plan', 'pro');
    expect(err).toContain('3 agents and not 4: plan solo carries 1 agent of class other at once\n');
    const agents = (parse(await it.read('specs/z.yaml')) as Project).spec.agents;
    expect(agents.map(({ name }) => name)).toEqual(['developer', 'tester', 'developer-2']);
  });

  test('knows teams of the person, whose members may repeat a role and name a class', async () => {
    const it = await repository(['x.zig']);
    await it.write(
      'specs/duo.yaml',
      `apiVersion: muxlet.dev/v1alpha1
kind: Team
metadata: {name: duo}
spec:
  members: [{role: developer}, {role: developer, class: codex}, {role: tester}]
  sizes: {pair: 2, all: 9}
  signs: ['*.zig']
`,
    );
    const { err } = await it.run('create', 'project', 'z', '--repo', 'repo', ...GOAL);
    expect(err).toMatch(/team duo: x\.zig\nsize pair, 2 agents/);
    expect(parse(await it.read('specs/z.yaml')).spec.agents).toEqual([
      { name: 'developer', role: 'developer', class: 'claude' },
      { name: 'developer-2', role: 'developer', class: 'codex' },
    ]);
    expect((await it.run('create', 'project', 'y', '--repo', 'repo', '--size', 'large', ...GOAL)).err).toMatch(
      /pair, all/,
    );
  });

  test('--dry-run -o yaml prints what would be written, and writes nothing', async () => {
    const it = await repository(['go.mod']);
    const args = ['create', 'project', 'shop', '--repo', 'repo', ...GOAL, '-o', 'yaml'];
    const { out } = await it.run(...args, '--dry-run');
    expect(parse(out)).toMatchObject({ kind: 'Project', metadata: { name: 'shop' } });
    await expect(it.read('specs/shop.yaml')).rejects.toThrow();
    expect((await it.run(...args)).out).toBe(out);
    expect(await it.read('specs/shop.yaml')).toBe(out);
  });

  test.each([
    ['no goal', ['--repo', 'repo', '--class', 'claude'], 2, /a team needs a goal/],
    [
      'a goal file that is not there',
      ['--repo', 'repo', '--class', 'claude', '--goal', 'docs/GAOL.md'],
      1,
      /docs\/GAOL\.md does not exist/,
    ],
    ['a repository that is not there', ['--repo', 'nowhere', ...GOAL], 1, /nowhere is no directory/],
    ['an unknown team', ['--repo', 'repo', ...GOAL, '--team', 'data-pipelin'], 1, /did you mean "data-pipeline"/],
    ['an unknown class', ['--repo', 'repo', '--goal', 'x y', '--class', 'cluade'], 1, /did you mean "claude"/],
    ['an unknown size', ['--repo', 'repo', ...GOAL, '--size', 'huge'], 2, /small, medium, large/],
    ['flags of one agent', ['--repo', 'repo', ...GOAL, '--agent', 'x'], 2, /--repo is for a team/],
    ['flags of a team without a repository', ['--goal', 'x y'], 2, /go with --repo/],
    [
      'no class, with nothing installed',
      ['--repo', 'repo', '--goal', 'x y'],
      2,
      /no agent program is on the PATH[^]*--class claude or codex/,
    ],
  ])('refuses %s', async (_what, flags, code, message) => {
    const it = await repository(['go.mod']);
    const result = await it.run('create', 'project', 'shop', ...flags);
    expect(result).toMatchObject({ code, out: '', err: expect.stringMatching(message) });
    await expect(it.read('specs/shop.yaml')).rejects.toThrow();
  });

  test('refuses a name that is taken, and a repository that tells nothing', async () => {
    const { it } = await proposed(['go.mod']);
    const again = await it.run('create', 'project', 'shop', '--repo', 'repo', ...GOAL);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('projects "shop" already exists') });
    expect(await proposed(['LICENSE'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/which team fits[^]*--team code-project or /),
    });
  });

  test('takes the only program that is installed', async () => {
    const it = await repository(['go.mod']);
    await it.write('bin/codex', '#!/bin/sh\n');
    await chmod(join(it.root, 'bin/codex'), 0o755);
    Object.assign(it.deps.env, { PATH: `${it.root}/bin` });
    const { err } = await it.run('create', 'project', 'shop', '--repo', 'repo', '--goal', 'x y');
    expect(err).toContain('class codex: the only agent program that is installed\n');
    expect(parse(await it.read('specs/shop.yaml')).spec.agents[0].class).toBe('codex');
  });

  test('looks at a directory without git as well, and says what that means', async () => {
    const it = await bench();
    await it.write('repo/go.mod', '');
    await it.write('repo/node_modules/x/package.json', '');
    await it.write('repo/.hidden/package.json', '');
    const { err } = await it.run('create', 'project', 'shop', '--repo', 'repo', ...GOAL);
    expect(err).toMatch(/repo: 1 files\nteam code-project: go\.mod\n[^]*no git repository/);
  });
});

test.each(['create project one -- sleep 1d', 'create agentclass nap -- sleep 1d'])(
  '%s --dry-run -o yaml',
  async (line) => {
    const { run } = await bench();
    const [before = '', after = ''] = line.split(' -- ');
    const { out, code } = await run(...before.split(' '), '--dry-run', '-o', 'yaml', '--', ...after.split(' '));
    expect(code).toBe(0);
    expect(parse(out)).toMatchObject({ metadata: { name: before.split(' ')[2] } });
  },
);

test.each([
  ['*.tf', 'main.tf', true],
  ['*.tf', 'a/main.tf', false],
  ['**/*.tf', 'main.tf', true],
  ['**/*.tf', 'a/b/main.tf', true],
  ['dags/**', 'dags/x/y.py', true],
  ['compose*.y{a,}ml', 'compose.prod.yml', true],
  ['compose*.y{a,}ml', 'compose.yaml', true],
  ['a.b', 'axb', false],
  ['f?o', 'foo', true],
  ['f?o', 'f/o', false],
])('the pattern %s of %s: %s', (glob, path, matches) => {
  expect(globToRegExp(glob).test(path)).toBe(matches);
});

test('languages are told by the number of files', () => {
  expect(languagesOf(['a.ts', 'b.tsx', 'c.py', 'd.GO', 'e.sql', 'README'])).toBe(
    'TypeScript 33 %, Python 17 %, Go 17 %',
  );
  expect(languagesOf([])).toBe('');
});
