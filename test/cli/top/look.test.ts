import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMailCounter } from '../../../controller/cli/top/count-mail.ts';
import { watchStatus } from '../../../controller/cli/top/watch-status.ts';
import { bench, eventText, fingerprint, specText, statusOf, storedText, withWeb } from '../harness.ts';

async function folder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'muxlet-top-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

async function put(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}

describe('the status files', () => {
  async function watched() {
    const state = await folder();
    const projects = join(state, 'status', 'project');
    await mkdir(projects, { recursive: true });
    const clock = { now: 0 };
    const look = watchStatus(state, ['Project', 'Queue'], () => clock.now);
    const names = () => look().objects.map(({ metadata }) => metadata.name);
    return { look, names, clock, file: (name: string) => join(projects, `${name}.json`) };
  }

  test('are seen as they come, change and go', async () => {
    const { look, names, file } = await watched();
    expect(look()).toEqual({ objects: [], asOf: undefined, broken: [] });
    await put(file('web'), storedText('web', statusOf(['dev'])));
    expect(names()).toEqual(['web']);
    await put(file('web'), storedText('web', statusOf(['dev'], { phase: 'Failed' })));
    expect(look().objects[0]?.status.phase).toBe('Failed');
    const same = look();
    expect(look()).toBe(same);
    await rm(file('web'));
    expect(names()).toEqual([]);
  });

  test('one that is torn is shown as it last was, and named; one that is nonsense from the start is only named', async () => {
    const { look, names, file } = await watched();
    await put(file('web'), storedText('web', statusOf(['dev'])));
    look();
    await put(file('web'), '{"apiVersion"');
    await put(file('other'), '');
    expect(names()).toEqual(['web']);
    expect(look().broken).toEqual(expect.arrayContaining([file('web'), file('other')]));
    await put(file('web'), storedText('web', statusOf(['dev'])));
    expect(look().broken).toEqual([file('other')]);
  });

  test('one that was written in its place is seen after a while', async () => {
    const { look, clock, file } = await watched();
    await put(file('web'), storedText('web', statusOf(['dev'])));
    look();
    await writeFile(file('web'), storedText('web', statusOf(['dev'], { phase: 'Failed' })));
    clock.now += 6000;
    expect(look().objects[0]?.status.phase).toBe('Failed');
  });
});

test('mail that waits and mail that was delivered is counted, and what is broken is not', async () => {
  const agents = await folder();
  const inbox = join(agents, 'uid-1', 'inbox');
  await mkdir(inbox, { recursive: true });
  const mail = (id: string, state: string): string =>
    JSON.stringify({
      id,
      message: 'm',
      project: 'p',
      projectUid: 'u',
      agent: 'a',
      uid: 'uid-1',
      text: 't',
      state,
      occurrence: 0,
      priority: 0,
      dueAt: 0,
      queuedAt: 0,
      sequence: 0,
      tries: 0,
    });
  const clock = { now: 0 };
  const count = createMailCounter(agents, () => clock.now);
  await put(join(inbox, 'a1.json'), mail('a1', 'Queued'));
  await put(join(inbox, 'a2.json'), mail('a2', 'Confirmed'));
  await put(join(inbox, 'a3.json'), mail('a3', 'Expired'));
  await put(join(inbox, 'a4.json'), '{');
  expect(count('uid-1')).toEqual({ waiting: 1, delivered: 1 });
  await put(join(inbox, 'a1.json'), mail('a1', 'Confirmed'));
  expect(count('uid-1')).toEqual({ waiting: 1, delivered: 1 });
  clock.now += 3000;
  expect(count('uid-1')).toEqual({ waiting: 0, delivered: 2 });
  expect(count('uid-none')).toEqual({ waiting: 0, delivered: 0 });
  expect(count('../uid-1')).toEqual({ waiting: 0, delivered: 0 });
});

describe('top without a terminal', () => {
  const once = ['--once', '--interval', '100ms'];

  test('prints one frame, says that no controller runs, and changes nothing', async () => {
    const { run, root, write } = await withWeb();
    await write('state/events.ndjson', eventText('e'));
    const before = await fingerprint(root);
    const { code, out, err } = await run('top', '--interval', '100ms');
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toMatch(
      /^NAME +STATE +CPU% +MEM +MSGS +AHEAD +COMMIT +EVIDENCE +AGE +RST +UP +CLASS +REASON +BRANCH +PROCS +MESSAGE$/,
    );
    expect(out).toMatch(/^web\.dev +Idle +- +- +0\/0 /m);
    expect(out).not.toContain('\u001b');
    expect(err).toContain('no controller runs');
    expect(await fingerprint(root)).toBe(before);
  });

  test('shows projects, queues, and only what is asked for', async () => {
    const { run, write } = await withWeb();
    await write('specs/shop.yaml', specText('shop', { labels: { team: 'a' }, agents: ['one'] }));
    await write(
      'specs/night.yaml',
      JSON.stringify({
        apiVersion: 'muxlet.dev/v1alpha1',
        kind: 'Queue',
        metadata: { name: 'night' },
        spec: { maxRunning: 2 },
      }),
    );
    expect((await run('top', 'projects', ...once)).out).toMatch(/^shop +Pending +0\/1 [^]*^web +Running +2\/2 /m);
    expect((await run('top', 'queues', ...once)).out).toMatch(/^night +<none> +0 +2 +0 /m);
    expect((await run('top', '-l', 'team=a', ...once)).out).not.toContain('web');
    expect((await run('top', '--project', 'web', ...once)).out).not.toContain('shop');
    expect((await run('top', '--project', 'none', ...once)).err).toContain('No resources found');
  });

  test.each([
    [['top', 'pods'], 'there is no view "pods"'],
    [['top', '--interval', '10ms'], 'too short'],
    [['top', '--interval', 'soon'], 'is no duration'],
    [['top', '-l', '=x'], 'no label selector'],
  ])('%j is wrong usage', async (args, text) => {
    const { run } = await bench();
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining(text) });
  });
});
