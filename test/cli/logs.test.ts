import { describe, expect, test } from 'vitest';
import type { LogLine } from '../../controller/cli/ports.ts';
import { withWeb } from './harness.ts';

describe('logs', () => {
  const line = (step: number, run: string, text: string): LogLine => {
    return { run, text, at: Date.parse('2026-03-01T11:00:00Z') + step * 600_000 };
  };
  const LINES = [line(0, 'a', 'one'), line(1, 'a', 'two'), line(2, 'b', 'three'), line(5, 'b', 'four')];
  const logs = {
    open: async (_places: unknown, uid: string) => ({
      lines: uid === 'uid-dev' ? LINES : [],
      follow: async function* () {
        yield line(6, 'b', 'five');
      },
    }),
  };

  test("are the agent's lines, from the end and since a time", async () => {
    const { run } = await withWeb({ logs });
    expect((await run('logs', 'web', '-a', 'dev')).out).toBe('one\ntwo\nthree\nfour\n');
    expect((await run('logs', 'web.dev', '--tail', '1')).out).toBe('four\n');
    expect((await run('logs', 'web.dev', '--tail=0')).out).toBe('');
    expect((await run('logs', 'web.dev', '--since=15m')).out).toBe('four\n');
    expect((await run('logs', 'web.dev', '-p')).out).toBe('one\ntwo\n');
    expect((await run('logs', 'web.dev', '--timestamps', '--tail=1')).out).toBe('2026-03-01T11:50:00.000Z four\n');
  });

  test('are followed from the last line that was shown', async () => {
    const { run } = await withWeb({ logs });
    expect((await run('logs', 'web.dev', '-f', '--tail=1')).out).toBe('four\nfive\n');
  });

  test('[S38] need an agent where there are several, and never fall back to another', async () => {
    const { run } = await withWeb({ logs });
    expect(await run('logs', 'web')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('-a: dev, ops') });
    expect(await run('logs', 'web', '-a', 'de')).toMatchObject({ code: 1, out: '' });
    expect(await run('logs', 'wbe')).toMatchObject({ code: 1, err: expect.stringContaining('did you mean "web"?') });
  });

  test('need no agent where there is one only', async () => {
    const { run } = await withWeb({ logs }, ['dev']);
    expect((await run('logs', 'web', '--tail=1')).out).toBe('four\n');
  });
});
