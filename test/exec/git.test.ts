import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gitEnvironment, runGit } from '../../controller/exec/git.ts';

const place = mkdtempSync(join(tmpdir(), 'muxlet-git-'));
const who = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};
const git = (...args: readonly string[]) => runGit(place, args, { timeoutMs: 10_000, mayWrite: true, env: who });

beforeAll(async () => {
  await git('init', '--quiet');
  writeFileSync(join(place, 'file'), 'one\n');
  await git('add', 'file');
  await git('commit', '--quiet', '-m', 'one');
});

afterAll(() => {
  rmSync(place, { recursive: true });
});

test('gives what git prints, and a failure as a result', async () => {
  expect(await git('log', '--format=%s')).toMatchObject({ ok: true, stdout: 'one' });
  expect(await git('cat-file', '-e', 'no-such-thing')).toMatchObject({ ok: false, exitCode: 128 });
  expect(await runGit(join(place, 'gone'), ['status'], { timeoutMs: 1000 })).toMatchObject({ ok: false });
});

test('runs no hook and no monitor of the repository', async () => {
  for (const name of ['post-checkout', 'post-index-change', 'monitor']) {
    const path = join(place, '.git/hooks', name);
    writeFileSync(path, `#!/bin/sh\ntouch '${place}/ran-${name}'\n`);
    chmodSync(path, 0o755);
  }
  await git('config', 'core.fsmonitor', join(place, '.git/hooks/monitor'));
  await git('checkout', '--quiet', '-b', 'other');
  await git('status');
  expect(
    ['post-checkout', 'post-index-change', 'monitor'].filter((name) => existsSync(join(place, `ran-${name}`))),
  ).toEqual([]);
});

test('refreshes no index where it may not write', async () => {
  const index = join(place, '.git/index');
  const lookAgain = async (mayWrite?: true) => {
    // Its times alone differ now from what the index says, and a status that may would note them there.
    utimesSync(join(place, 'file'), 1000, 1000 + (mayWrite === true ? 1 : 0));
    const before = statSync(index).ino;
    const result = await runGit(place, ['status', '--porcelain=v2'], {
      timeoutMs: 10_000,
      ...(mayWrite === true && { mayWrite }),
    });
    expect(result.ok).toBe(true);
    return statSync(index).ino === before;
  };
  expect(await lookAgain()).toBe(true);
  expect(await lookAgain(true)).toBe(false);
});

test('ends a git that takes too long', async () => {
  const result = await runGit(place, ['-c', 'alias.hang=!exec sleep 60', 'hang'], { timeoutMs: 100 });
  expect(result).toMatchObject({ ok: false, timedOut: true });
});

test('takes over from our environment what reaches other machines, and nothing that says what to work on', () => {
  expect(
    gitEnvironment({
      PATH: '/bin',
      GIT_DIR: '/elsewhere',
      GIT_INDEX_FILE: '/elsewhere/index',
      GIT_CONFIG_COUNT: '1',
      GIT_AUTHOR_NAME: 'Somebody',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_SSH_COMMAND: 'ssh -4',
      LC_ALL: 'de_DE.UTF-8',
    }),
  ).toEqual({
    PATH: '/bin',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_SSH_COMMAND: 'ssh -4',
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    SSH_ASKPASS: 'false',
    SSH_ASKPASS_REQUIRE: 'force',
    LC_ALL: 'C',
  });
});
