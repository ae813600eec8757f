import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { until, type World, withWorld } from '../support/world.ts';
import { withStandIn } from './stand-in.ts';

/** A repository that tracks these files, and not one more; with a commit or without. */
function repository(world: World, name: string, files: readonly string[], hasCommit: boolean): string {
  const root = join(world.root, name);
  for (const file of [...files, 'untracked.tf']) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, env: world.env, stdio: 'ignore' });
  git('init');
  git('add', '--', ...files);
  if (hasCommit) git('-c', 'user.name=Test', '-c', 'user.email=test@example.org', 'commit', '--message=First');
  return root;
}

const KINDS: readonly (readonly [team: string, files: readonly string[], first: string])[] = [
  ['web-application', ['package.json', 'index.html', 'vite.config.ts', 'src/app.tsx'], 'developer'],
  ['code-project', ['Cargo.toml', 'src/main.rs', 'src/lib.rs'], 'developer'],
  ['infrastructure-as-code', ['main.tf', 'network/main.tf', 'README.md'], 'devops'],
];

test('[S13] create project looks at a repository, proposes a team, and the controller runs it', async () => {
  await withWorld(async (world) => {
    const standIn = withStandIn(world);
    for (const [team, files, first] of KINDS) {
      const hasCommit = team !== 'code-project';
      const repo = repository(world, `repo-${team}`, files, hasCommit);
      const flags = ['--repo', repo, '--goal', 'Make it good.', '--class', 'stand-in'];
      const dry = await world.muxlet('create', 'project', team, ...flags, '--dry-run', '-o', 'yaml');
      expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining(`${repo}: ${files.length} tracked files`) });
      const { code, stdout, stderr } = await world.muxlet('create', 'project', team, ...flags);
      expect({ code, stdout }).toEqual({ code: 0, stdout: `project/${team} created\n` });
      expect(stderr).toMatch(new RegExp(`\nteam ${team}: .*\nsize small, 3 agents: fewer than 200 files\n`));
      const text = readFileSync(join(world.specs, `${team}.yaml`), 'utf8');
      expect(text).toBe(dry.stdout);
      expect(text.includes('policy: PerAgent')).toBe(hasCommit);
      expect(text).toMatch(new RegExp(`- name: orchestrator\n[^]*- name: ${first}\n`));
      expect((await world.muxlet('create', 'project', team, ...flags)).code).toBe(1);
    }
    await world.start();
    for (const [team] of KINDS) await world.ready(team);
    const prompts = await until('all are briefed', () => {
      const found = standIn.prompts('orchestrator');
      return found.length === 3 && found;
    });
    for (const prompt of prompts) expect(prompt).toContain('Reports of the others come to you');
  });
});
