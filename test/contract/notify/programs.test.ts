import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makePlace, type Place } from './support.ts';

let place: Place;

beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  place.remove();
});

const PATH = process.env['PATH'] ?? '';
const read = (name: string): string => readFileSync(join(place.folder, name), 'utf8');
/** Writes its arguments to `said`, one a line with its length. */
const RECORDER = '#!/bin/sh\nfor a; do printf "[%s]\\n" "$a"; done > "$SAID"\n';

describe('on the desktop', () => {
  const said = (): Readonly<Record<string, string>> => ({
    PATH: `${place.folder}:${PATH}`,
    SAID: join(place.folder, 'said'),
  });
  const told = { title: '-u critical', text: 'a <b>bold</b> & C:\\new\n'.repeat(20), severity: 'critical' as const };

  test('a notification is shown by notify-send, with what an agent wrote as text', async () => {
    place.write('notify-send', RECORDER, 0o755);
    expect(await place.tell({ desktop: {} }, { env: said(), notification: told })).toEqual({ type: 'Delivered' });
    expect(read('said')).toBe(
      `[--app-name=muxlet]\n[--urgency=critical]\n[--]\n[-u critical]\n[${'a &lt;b&gt;bold&lt;/b&gt; &amp; C:\\\\new\n'.repeat(8).trim()}]\n`,
    );
  });

  test('on macOS by osascript, to which data are arguments', async () => {
    place.write('osascript', RECORDER, 0o755);
    const quoted = { ...told, title: '" & (do shell script "id") & "', text: 'body\n' };
    const shown = await place.tell({ desktop: {} }, { env: said(), notification: quoted, platform: 'darwin' });
    expect(shown).toEqual({ type: 'Delivered' });
    expect(read('said')).toMatch(/\[end run\]\n\[muxlet: " & \(do shell script "id"\) & "\]\n\[body\]\n$/);
  });

  test('it cannot be shown where there is no program for it, and need not be tried again', async () => {
    const refusal = (message: string) => ({ type: 'Failed', permanent: true, message });
    const env = { PATH: place.folder };
    expect(await place.tell({ desktop: {} }, { env })).toEqual(refusal('there is no notify-send'));
    expect(await place.tell({ desktop: {} }, { env, platform: 'darwin' })).toEqual(refusal('there is no osascript'));
    expect(await place.tell({ desktop: {} }, { env, platform: 'sunos' })).toMatchObject({ permanent: true });
  });
});

describe('a command', () => {
  const run = (script: string, more: object = {}, env: Readonly<Record<string, string>> = {}, told = {}) => {
    place.write('tell.sh', `#!/bin/sh\n${script}\n`, 0o755);
    return place.tell(
      { command: { argv: ['./tell.sh', 'one two', '$HOME'], ...more } },
      { env: { PATH, ...env }, notification: told },
    );
  };

  test('gets the notification as JSON and as variables, and its arguments as they stand', async () => {
    place.write('key', 'file-secret\n');
    const env = [
      { name: 'WORD', value: 'plain' },
      { name: 'KEY', valueFrom: { file: 'key' } },
    ];
    const script =
      'cat > input; printf "%s\\n" "$1" "$2" "$WORD" "$KEY" "$OUTER" > said; env | grep ^MUXLET_ | LC_ALL=C sort >> said';
    const title = 'a\u0000b\nc';
    expect(await run(script, { env }, { OUTER: 'inherited' }, { title })).toEqual({ type: 'Delivered' });
    expect(JSON.parse(read('input'))).toMatchObject({ kind: 'Notification', id: 'n-1f2e3d', title });
    expect(read('said').trim().split('\n')).toEqual([
      'one two',
      '$HOME',
      'plain',
      'file-secret',
      'inherited',
      'MUXLET_ALERT=oncall',
      'MUXLET_ITEMS=1',
      'MUXLET_KIND=Agent',
      'MUXLET_NAME=web/dev',
      'MUXLET_NOTIFICATION_ID=n-1f2e3d',
      'MUXLET_PROJECT=web',
      'MUXLET_REASON=WaitingForInput',
      'MUXLET_SEVERITY=warning',
      'MUXLET_TEXT=Agent web/dev: asks whether it may delete the branch',
      'MUXLET_TITLE=ab c',
    ]);
  });

  test('may leave its input unread, however much it is', async () => {
    expect(await run('exec <&-; exit 0', {}, {}, { text: 'x'.repeat(1_000_000) })).toEqual({ type: 'Delivered' });
  });

  test('says by its exit code whether there is use in trying again, and by its last words why', async () => {
    expect(await run('exit 75')).toMatchObject({ permanent: false, message: './tell.sh exited with 75' });
    expect(await run('exit 65')).toMatchObject({ permanent: true });
    const told = await run(
      'seq 1 5000; echo "no way with $KEY" >&2; exit 1',
      { env: [{ name: 'KEY', valueFrom: { env: 'K' } }] },
      { K: 'sesame open' },
    );
    expect(told).toMatchObject({
      permanent: false,
      message: expect.stringMatching(/^\.\/tell\.sh exited with 1: ….* 4999 5000 no way with \[redacted\]$/),
    });
    expect(await run('kill -9 $$')).toMatchObject({ permanent: false, message: './tell.sh was ended by SIGKILL' });
    place.write('no-program', 'text', 0o644);
    const none = await place.tell({ command: { argv: ['./no-program'] } });
    expect(none).toMatchObject({ permanent: true, message: './no-program cannot be started (EACCES)' });
  });

  test('has as much time as its timeout says, although no timer runs for so long', async () => {
    place.write('tell.sh', '#!/bin/sh\nsleep 0.2\n', 0o700);
    const told = await place.tell({ command: { argv: ['./tell.sh'] }, timeout: '9999999h' }, { env: { PATH } });
    expect(told).toEqual({ type: 'Delivered' });
  });

  test('that takes too long is asked to end, and killed with all that it started', async () => {
    const script = 'trap "echo asked > said; sleep 1000" TERM; sleep 1000 & echo $! > child; wait';
    place.write('tell.sh', `#!/bin/sh\n${script}\n`, 0o755);
    const told = await place.tell({ command: { argv: ['./tell.sh'] }, timeout: '1s' }, { env: { PATH } });
    expect(told).toMatchObject({ permanent: false, message: expect.stringMatching(/did not end within 1 s/) });
    expect(read('said')).toBe('asked\n');
    expect(() => process.kill(Number(read('child')), 0)).toThrow('ESRCH');
  });
});
