import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { openShell } from './support/shell.ts';

test('a shell keeps what was set, gives each command its output and exit code, and says when it is gone', async ({
  onTestFinished,
}) => {
  const shell = openShell({ PATH: process.env['PATH'] ?? '/usr/bin:/bin' }, tmpdir(), 'greet() { echo "hello $1"; }');
  onTestFinished(() => shell.end());
  await shell.run('cd /; who=world');
  expect(await shell.run('greet "$who"; pwd; echo wrong >&2; false')).toEqual({
    code: 1,
    output: 'hello world\n/\nwrong\n\n',
  });
  expect(await shell.run('cat')).toEqual({ code: 0, output: '\n' });
  await expect(shell.run('sleep 100', 200)).rejects.toThrow('not within 200 ms');
  await expect(shell.run('pwd')).rejects.toThrow(/ended|no shell/);
  await expect(shell.run('pwd')).rejects.toThrow('no shell');
});
