import { describe, expect, test } from 'vitest';
import { type BenchOptions, withWeb } from './harness.ts';

describe('attach', () => {
  const TERMINAL = { stdin: true, stdout: true, stderr: true };

  async function attaching(options: BenchOptions = {}) {
    const calls: { argv: readonly string[]; env: Readonly<Record<string, string | undefined>> }[] = [];
    const runInTerminal = async (argv: readonly string[], env: Readonly<Record<string, string | undefined>>) => {
      calls.push({ argv, env });
      return 0;
    };
    const run = async () => ({ ok: false, stdout: '', stderr: '' });
    return { ...(await withWeb({ isTTY: TERMINAL, programs: { run, runInTerminal }, ...options })), calls };
  }

  test('goes to the session by its id', async () => {
    const { run, calls } = await attaching();
    expect((await run('attach', 'web')).code).toBe(0);
    expect(calls[0]?.argv).toEqual(['tmux', '-L', 'muxlet', 'attach-session', '-t', '$1']);
  });

  test("chooses the agent's window and pane by their ids, and can be read-only", async () => {
    const { run, calls } = await attaching();
    await run('attach', 'project/web', '-a', 'ops', '-r');
    expect(calls[0]?.argv.slice(3)).toEqual([
      'select-window',
      '-t',
      '@1',
      ';',
      'select-pane',
      '-t',
      '%1',
      ';',
      'attach-session',
      '-r',
      '-t',
      '$1',
    ]);
  });

  test('[S44] works from within tmux, and says how to detach', async () => {
    const { run, calls } = await attaching({ env: { TMUX: '/tmp/x,1,0', TMUX_PANE: '%9', HOME: '/h' } });
    expect((await run('attach', 'web')).err).toContain('C-b C-b d');
    expect(calls[0]?.env).toMatchObject({ HOME: '/h', TMUX: undefined, TMUX_PANE: undefined });
  });

  test('without a terminal prints the command to use, and fails', async () => {
    const { run, calls } = await attaching({ isTTY: { stdin: false, stdout: false, stderr: false } });
    const { code, err } = await run('attach', 'web.dev');
    expect(code).toBe(1);
    expect(err).toContain(`tmux -L muxlet select-window -t @0 ';' select-pane -t %0 ';' attach-session -t '$1'`);
    expect(calls).toEqual([]);
  });

  test('[S38] an unknown agent is an error that lists the agents', async () => {
    const { run, calls } = await attaching();
    expect(await run('attach', 'web', '-a', 'boss')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/agent "boss" not found[^]*dev, ops/),
    });
    expect(calls).toEqual([]);
  });
});
