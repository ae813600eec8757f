import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linuxProcessTable } from '../../../controller/observe/linux-process-table.ts';
import { type FinishingPlace, makeFinishingPlace, over, verifying } from '../support/finishing-place.ts';

let place: FinishingPlace;
beforeEach(() => {
  place = makeFinishingPlace({ MY_API_TOKEN: 'very-secret-token' });
  place.commit('muxlet/shop/a', { 'a.txt': 'a\n' });
});
afterEach(() => place.close());

const sh = (script: string): readonly string[] => ['sh', '-c', script];
const trees = (): number => place.git(['worktree', 'list', '--porcelain']).split('\n\n').length;
/** What has ended may wait to be collected by its parent. */
const lives = (pid: string): boolean => {
  const stat = linuxProcessTable.stat(Number(pid));
  return typeof stat !== 'string' && !stat.zombie;
};

describe('a verification', () => {
  test('runs its commands in a clean work tree of the result, and leaves nothing', async () => {
    const before = place.snapshot();
    const commands = verifying(
      sh('cat a.txt README; git status --porcelain; git rev-parse HEAD; pwd'),
      sh('echo "$MUXLET_PROJECT $MUXLET_BRANCH $MUXLET_COMMIT"; touch junk; echo x >>a.txt; env'),
    );
    const look = await place.finish(place.request(['a'], commands));
    const commit = place.at('muxlet/shop/integration');
    expect(look).toMatchObject({ state: 'Passed', verification: { state: 'Passed', round: 1, commit } });
    const log = readFileSync(look.verification?.log ?? '', 'utf8');
    expect(log).toContain(`a\none\n${commit}\n${join(place.trees, '.verification')}\n`);
    expect(log).toContain(`shop muxlet/shop/integration ${commit}\n`);
    expect(log).not.toContain('very-secret-token');
    expect(statSync(look.verification?.log ?? '').mode & 0o777).toBe(0o600);
    expect(trees()).toBe(1);
    expect(place.snapshot()).toBe(before);
  });

  test('that fails refuses the work, names the command and shows the end of what it printed, without secrets', async () => {
    const commands = verifying(
      ['true'],
      sh('seq 1 100; echo "token very-secret-token" >&2; printf "\\033[31mbad\\033[0m"; exit 3'),
      ['touch', join(place.root, 'never')],
    );
    const look = await place.finish(place.request(['a'], commands));
    expect(look).toMatchObject({
      state: 'Refused',
      verification: { state: 'Failed', command: expect.stringContaining('seq 1 100'), message: 'exited with 3' },
    });
    expect(look.tail).toHaveLength(40);
    expect(look.tail?.slice(-4)).toEqual(['100', 'token [redacted]', 'bad', 'exited with 3']);
    expect(readFileSync(look.verification?.log ?? '', 'utf8')).toContain('token [redacted]\n');
    expect(existsSync(join(place.root, 'never'))).toBe(false);
  });

  test('that hangs is ended with all that it started, be it a daemon', async () => {
    const script =
      'trap "" TERM; (setsid sleep 1001 </dev/null >/dev/null 2>&1 & echo $!); sleep 1002 & echo $!; echo $$; wait';
    const request = place.request(['a'], {
      verification: { rounds: 1, commands: [{ argv: sh(script), timeoutMs: 500 }] },
    });
    const look = await place.finish(request);
    expect(look).toMatchObject({ state: 'Refused', verification: { message: 'did not end within 0.5 s' } });
    const pids = (look.tail ?? []).filter((line) => /^\d+$/.test(line));
    expect(pids).toHaveLength(3);
    expect(pids.filter(lives)).toEqual([]);
    expect(trees()).toBe(1);
  });

  test('that does away with its own work tree has passed all the same', async () => {
    const forget = sh(`cd /; git -C ${place.repository} worktree remove -f -f ${join(place.trees, '.verification')}`);
    expect((await place.finish(place.request(['a'], verifying(forget)))).state).toBe('Passed');
    const lose = sh('rm -rf "$(git rev-parse --absolute-git-dir)"');
    expect((await place.finish(place.request(['a'], verifying(lose)))).state).toBe('Passed');
    expect((await place.finish(place.request(['a'], verifying(['true'])))).state).toBe('Passed');
    expect(trees()).toBe(1);
  });

  test('that leaves processes behind has passed, and they are ended', async () => {
    const look = await place.finish(
      place.request(
        ['a'],
        verifying(
          sh('setsid sleep 1003 </dev/null >pid 2>&1 & echo $! >"$0"; exit 0'.replace('"$0"', join(place.root, 'pid'))),
        ),
      ),
    );
    expect(look.state).toBe('Passed');
    expect(lives(readFileSync(join(place.root, 'pid'), 'utf8').trim())).toBe(false);
  });

  test('that floods its output fills no disk', async () => {
    const look = await place.finish(
      place.request(
        ['a'],
        verifying(
          sh('echo first; head -c 200000000 /dev/zero | tr "\\0" x; echo; yes | head -c 100000000; echo last; exit 1'),
        ),
      ),
    );
    expect(look.tail?.slice(-2)).toEqual(['last', 'exited with 1']);
    const path = look.verification?.log ?? '';
    expect(statSync(path).size).toBeLessThan(1_000_000);
    const log = readFileSync(path, 'utf8');
    expect(log).toContain('first\n');
    expect(log).toMatch(/\[\d+ bytes left out\]\n/);
  });

  test('without anything to merge is of the one branch; without work trees of the directory', async () => {
    place.commit('muxlet/shop/shared', { 's.txt': 's\n' });
    const one = place.request(['shared'], {
      into: 'muxlet/shop/shared',
      integration: undefined,
      ...verifying(['test', '-f', 's.txt']),
    });
    expect(await place.finish(one)).toMatchObject({
      state: 'Passed',
      verification: { commit: place.at('muxlet/shop/shared') },
    });
    const none = place.request([], { integration: undefined, ...verifying(['test', '-f', 'README'], ['false']) });
    expect(await place.finish(none)).toMatchObject({ state: 'Refused', verification: { command: 'false' } });
  });

  test('is set up first, and a set-up that fails refuses as well', async () => {
    const setUp = { argv: sh('echo made >made'), timeoutMs: 5000 };
    expect(await place.finish(place.request(['a'], { setUp, ...verifying(['cat', 'made']) }))).toMatchObject({
      state: 'Passed',
    });
    const broken = { argv: ['no-such-program'], timeoutMs: 5000 };
    expect(await place.finish(place.request(['a'], { setUp: broken, ...verifying(['true']) }))).toMatchObject({
      state: 'Refused',
      verification: { command: 'no-such-program', message: 'exited with 127' },
    });
  });

  test('has its log kept, the last twenty of a project', async () => {
    for (let round = 0; round < 22; round += 1) {
      const request = place.request([], { integration: undefined, ...verifying(['true']) });
      await place.finish(request);
    }
    const [folder = ''] = readdirSync(join(place.state, 'verifications'));
    const logs = readdirSync(join(place.state, 'verifications', folder));
    expect(logs).toHaveLength(20);
    expect(logs).toContain('1-22.log');
    expect(logs).not.toContain('1-2.log');
  });
});

describe('a round', () => {
  test('that was cut short by the end of the controller is done over, and what was left of it is gone', async () => {
    const later = place.controller();
    const request = place.request(['a'], verifying(sh('test ! -e again && touch again && echo $$ && sleep 1004')));
    const hanging = place.controller();
    hanging.begin(request);
    for (let tries = 0; hanging.look(request.uid)?.verification?.command === undefined; tries += 1) {
      if (tries > 500) throw new Error('it does not begin');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // The first one is simply never heard of again.
    const look = await over(later, { ...request, ...verifying(['test', '!', '-e', 'again']) });
    expect(look.state).toBe('Passed');
    expect(trees()).toBe(1);
  });

  test('is done once, however often it is asked for; another one takes its place', async () => {
    const request = place.request(['a'], verifying(sh(`echo x >>${join(place.root, 'ran')}`)));
    await place.finish(request);
    await place.finish(request);
    expect(readFileSync(join(place.root, 'ran'), 'utf8')).toBe('x\n');
    const finisher = place.controller();
    const slow = place.request(['a'], verifying(['sleep', '1005']));
    finisher.begin(slow);
    finisher.begin(slow);
    const next = { ...slow, round: slow.round + 1, ...verifying(['true']) };
    expect(await over(finisher, next)).toMatchObject({ state: 'Passed', round: next.round });
    finisher.forgotten(slow.uid);
    expect(finisher.look(slow.uid)).toBeUndefined();
  });
});

test('[S159] a clean work tree is given the files of the checkout, and the variables of the agents; none is committed', async () => {
  writeFileSync(join(place.repository, '.git', 'info', 'exclude'), '.env\n');
  writeFileSync(join(place.repository, '.env'), 'KEY=1\n');
  writeFileSync(join(place.root, 'secret'), 'a-secret-of-the-spec\n');
  const request = place.request(['a'], {
    files: [{ path: '.env' }],
    checkout: place.repository,
    env: [
      { name: 'TOKEN', fromFile: join(place.root, 'secret') },
      { name: 'MUXLET_UID', value: 'not mine' },
    ],
    ...verifying(sh('cat .env; echo "$TOKEN $MUXLET_UID"; git status --porcelain; exit 1')),
  });
  const look = await place.finish(request);
  expect(look.tail?.slice(2)).toEqual(['KEY=1', `[redacted] ${request.uid}`, 'exited with 1']);
  expect(place.git(['ls-tree', '-r', '--name-only', 'muxlet/shop/integration'])).toBe('README\na.txt');
  const lacking = { ...request, round: request.round + 1, files: [{ path: 'no-such-file' }] };
  expect(await place.finish(lacking)).toMatchObject({
    state: 'Failed',
    message: expect.stringContaining('no-such-file'),
    verification: { state: 'Failed' },
  });
});
