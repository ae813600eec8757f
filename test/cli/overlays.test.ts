import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Bench, bench, specText, statusOf, storedText } from './harness.ts';

const TTY = { stdin: true, stdout: true, stderr: true };

async function withWeb(options: Parameters<typeof bench>[0] = {}, phase: 'Running' | 'Completed' = 'Running') {
  const made = await bench(options);
  await made.write('specs/web.yaml', specText('web'));
  const status = statusOf(['dev'], { phase });
  const [dev] = status.agents;
  await made.write(
    'state/status/project/web.json',
    storedText('web', { ...status, agents: [{ ...dev!, run: '5-a' }] }),
  );
  return made;
}

function overlay({ root }: Bench): unknown {
  const path = join(root, 'state/overlays/project/web.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

const annotated = (annotations: object) => ({ version: 1, uid: 'uid-of-web', annotations });

describe('what a verb asks stands in a file of its own, and names what it is about', () => {
  test.each([
    [['suspend', 'project', 'web'], { 'muxlet.dev/suspend': 'EndSession' }],
    [['suspend', 'project', 'web', '--keep-session'], { 'muxlet.dev/suspend': 'KeepSession' }],
    [['restart', 'project', 'web'], { 'muxlet.dev/restart': '{"dev":"5-a"}' }],
    [['reset', 'project', 'web'], { 'muxlet.dev/reset': 'uid-of-web' }],
  ])('%j', async (words, annotations) => {
    const made = await withWeb();
    const { code, err } = await made.run(...words);
    expect(code).toBe(0);
    expect(err).toContain('no controller runs');
    expect(overlay(made)).toEqual(annotated(annotations));
  });
});

describe('down', () => {
  const session = { server: 'muxlet', id: '$1', name: 'web', project: 'web', uid: 'uid-of-web' };
  const ended: string[] = [];
  const teardown = (uid: string) => ({
    sessions: async () => [{ ...session, uid }],
    end: async (_places: unknown, { project }: { project: string }) => {
      ended.push(project);
      return { ok: true };
    },
    endEmptyServers: async () => [],
  });

  test('says first which runs it is about to end, and keeps what was asked', async () => {
    const made = await withWeb({ teardown: teardown('uid-of-web') });
    await made.run('suspend', 'project', 'web');
    expect(await made.run('down', '-y')).toMatchObject({ code: 0, err: '' });
    const annotations = { 'muxlet.dev/suspend': 'EndSession', 'muxlet.dev/down': '{"dev":"5-a"}' };
    expect(overlay(made)).toEqual(annotated(annotations));
    expect(ended.splice(0)).toEqual(['web']);
  });

  test('says nothing of an object that is another one, and ends the session all the same', async () => {
    const made = await withWeb({ teardown: teardown('another') });
    expect(await made.run('down', '-y')).toMatchObject({ code: 0, err: '' });
    expect(overlay(made)).toBeUndefined();
    expect(ended.splice(0)).toEqual(['web']);
  });

  test('ends also what it cannot note, and says why', async () => {
    const withLock = () => Promise.reject(new Error('the disk is full'));
    const made = await withWeb({ teardown: teardown('uid-of-web'), locks: { withLock } });
    expect((await made.run('down', '-y')).err).toContain('the disk is full');
    expect(ended.splice(0)).toEqual(['web']);
  });
});

test('a reset forgets a suspension of the old object, and one asked behind it is of the new one', async () => {
  const made = await withWeb();
  await made.run('suspend', 'project', 'web');
  await made.run('reset', 'project', 'web');
  expect(overlay(made)).toEqual(annotated({ 'muxlet.dev/reset': 'uid-of-web' }));
  await made.run('suspend', 'project', 'web');
  const annotations = { 'muxlet.dev/reset': 'uid-of-web', 'muxlet.dev/suspend': 'EndSession' };
  expect(overlay(made)).toEqual({ version: 1, annotations });
});

test('resume leaves a file that asks nothing, and says nothing of what is not suspended', async () => {
  const made = await withWeb();
  await made.run('suspend', 'project', 'web');
  expect((await made.run('resume', 'project', 'web')).out).toBe('project/web resumed\n');
  expect(overlay(made)).toEqual(annotated({}));
  expect((await made.run('resume', 'project', 'web')).out).toBe('project/web unchanged\n');
});

test('restart of one agent knows those of the spec that nobody has seen yet, as just after a reset', async () => {
  const made = await withWeb();
  await made.write('state/status/project/web.json', storedText('web', statusOf([])));
  expect(await made.run('restart', 'project', 'web', '-a', 'dev')).toMatchObject({
    code: 0,
    out: 'project/web unchanged\n',
  });
  expect((await made.run('restart', 'project', 'web', '-a', 'nobody')).err).toContain('"nobody" not found');
});

test('[S13] reset asks on a terminal alone, and a no changes nothing', async () => {
  const no = await withWeb({ isTTY: TTY, input: 'n\n' });
  const { code, err } = await no.run('reset', 'project', 'web');
  expect(code).toBe(2);
  expect(err).toContain('This ends the agents of web');
  expect(overlay(no)).toBeUndefined();
  const yes = await withWeb({ isTTY: TTY, input: 'y\n' });
  expect((await yes.run('reset', 'project', 'web')).code).toBe(0);
  const unasked = await withWeb({ isTTY: TTY });
  expect((await unasked.run('reset', 'project', 'web', '-y')).err).not.toContain('Go on?');
});

test('[S69] what is over is not restarted, and what never began has nothing to reset', async () => {
  const over = await withWeb({}, 'Completed');
  const { code, err } = await over.run('restart', 'project', 'web');
  expect(code).toBe(1);
  expect(err).toContain('muxlet reset project web');
  const fresh = await bench();
  await fresh.write('specs/web.yaml', specText('web'));
  expect((await fresh.run('reset', 'project', 'web')).out).toBe('project/web unchanged\n');
});

test.each([
  ['BackingOff', 'waits for its next attempt, which begins at 2026-03-01T12:30:00.000Z', 'muxlet reset project web'],
  ['TimingOut', 'has had its time, and nothing of it is started again', 'muxlet edit project web'],
  ['Ending', 'has failed, and its agents are being ended', 'muxlet reset project web'],
] as const)('restart says that nothing is started in stage %s, and what would help', async (stage, why, hint) => {
  const made = await withWeb();
  const [dev] = statusOf(['dev']).agents;
  const run = {
    attempt: 1,
    stage,
    stageSince: '2026-03-01T12:00:00.000Z',
    nextAttemptAt: '2026-03-01T12:30:00.000Z',
    activeSeconds: 0,
    extensions: 0,
  };
  const status = statusOf([], { agents: [{ ...dev!, run: '5-a' }], run });
  await made.write('state/status/project/web.json', storedText('web', status));
  const { code, err } = await made.run('restart', 'project', 'web');
  expect(code).toBe(1);
  expect(err).toContain(why);
  expect(err).toContain(hint);
  expect(overlay(made)).toBeUndefined();
});

test('delete takes back what was asked', async () => {
  const made = await withWeb();
  await made.run('suspend', 'project', 'web');
  await made.run('delete', 'project', 'web', '--wait=false');
  expect(overlay(made)).toBeUndefined();
});
