import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recentCommits } from '../../controller/briefing/recent-commits.ts';

let root: string;
const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_DIR: '/nonexistent' };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muxlet-commits-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): void {
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'init.defaultBranch=main'];
  execFileSync('git', [...who, ...args], { cwd: root, env: { PATH: env.PATH, HOME: root }, stdio: 'ignore' });
}

test('none where there is no repository, no commit, or no directory', async () => {
  expect(await recentCommits(root, env)).toEqual([]);
  expect(await recentCommits(join(root, 'gone'), env)).toEqual([]);
  git('init');
  expect(await recentCommits(root, env)).toEqual([]);
});

test('[S162] the ten latest, newest first, without touching a locked index or what the repository wants to be run', async () => {
  git('init');
  for (let n = 1; n <= 12; n++) git('commit', '--allow-empty', '-m', `change ${n}`);
  git('config', 'core.fsmonitor', `touch ${join(root, 'ran')}`);
  git('config', 'core.pager', `touch ${join(root, 'ran')}`);
  writeFileSync(join(root, '.git', 'index.lock'), '');
  const commits = await recentCommits(root, env);
  expect(commits.map((line) => line.replace(/^[0-9a-f]+ /, ''))).toEqual(
    Array.from({ length: 10 }, (_, index) => `change ${12 - index}`),
  );
  expect(() => statSync(join(root, 'ran'))).toThrow();
});
