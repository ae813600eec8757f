import { expect, test } from 'vitest';
import { withProgress } from '../../controller/cli/progress.ts';
import { bench, specText, statusOf, storedText } from './harness.ts';

const TERMINAL = { stdin: true, stdout: true, stderr: true };

/** A clock that goes on by itself, and what is printed by both outputs in its order. */
function terminal({ isTTY = TERMINAL, env = {} }: { readonly isTTY?: typeof TERMINAL; readonly env?: object } = {}) {
  let time = 0;
  let seen = '';
  const write = (text: string): void => {
    seen += text;
  };
  const deps = { env: { ...env }, isTTY, now: () => time, stdout: { write }, stderr: { write } };
  return {
    deps,
    seen: () => seen.replaceAll('\u001b[?7l', '').replaceAll('\u001b[?7h', '').replaceAll('\u001b[K', '~'),
    pass(ms: number) {
      time += ms;
    },
  };
}

test('what takes long says how it goes, in one line that is gone in the end', async () => {
  const { deps, seen, pass } = terminal();
  const result = await withProgress(deps, async (say, own) => {
    say('one');
    pass(1500);
    say('two\n \u001b[2Jthree');
    pass(100);
    say('too soon to be drawn');
    own.stdout.write('found\n');
    pass(1000);
    say('four');
    return 7;
  });
  expect([result, seen()]).toEqual([7, '\rtwo [2Jthree (1s)~\r~found\n\rfour (2s)~\r~']);
});

test('the line is gone as well where it fails', async () => {
  const { deps, seen, pass } = terminal();
  const failing = withProgress(deps, async (say) => {
    pass(2000);
    say('one');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(seen()).toBe('\rone (2s)~\r~');
});

test('nothing is said of what is done within a second, nor where nobody looks on', async () => {
  const quick = terminal();
  await withProgress(quick.deps, async (say) => {
    quick.pass(900);
    say('one');
  });
  expect(quick.seen()).toBe('');
  const others = [terminal({ isTTY: { ...TERMINAL, stderr: false } }), terminal({ env: { TERM: 'dumb' } })];
  for (const { deps, seen, pass } of others) {
    await withProgress(deps, async (say, { stdout }) => {
      pass(5000);
      say('one');
      stdout.write('found\n');
    });
    expect(seen()).toBe('found\n');
  }
});

test('wait says how many have got there, and what the next one is doing', async () => {
  let time = Date.now();
  const it = await bench({ isTTY: TERMINAL, now: () => (time += 300) });
  await it.write('specs/web.yaml', `${specText('web')}---\n${specText('api')}`);
  await it.write('state/status/project/web.json', storedText('web', statusOf(['dev'])));
  await it.write('state/status/project/api.json', storedText('api', statusOf(['dev'], { phase: 'SettingUp' })));
  const waiting = it.run('wait', '--for=phase=Running', 'projects', '--all', '--timeout=1s');
  expect(await waiting).toMatchObject({
    code: 1,
    out: 'project/web condition met\n',
    err: expect.stringContaining('1 of 2 are there; waiting for project/api: SettingUp'),
  });
});
