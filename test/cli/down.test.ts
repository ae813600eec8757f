import { describe, expect, test } from 'vitest';
import { bench } from './harness.ts';

describe('down', () => {
  const SESSIONS = [{ server: 'muxlet', id: '$1', name: 'web', project: 'web', uid: 'u' }];

  function world({ stops = true, controller = true } = {}) {
    const log: string[] = [];
    let runs = controller;
    return {
      log,
      controller: {
        find: async () => (runs ? { pid: 7 } : undefined),
        stop: async () => {
          log.push('stop controller');
          if (stops) runs = false;
        },
      },
      teardown: {
        sessions: async () => SESSIONS,
        end: async (_places: unknown, { id }: { id: string }) => {
          log.push(`end ${id}`);
          return { ok: true };
        },
        endEmptyServers: async () => [],
      },
    };
  }

  test('ends the controller first, then the sessions', async () => {
    const { log, ...ports } = world();
    const { run } = await bench(ports);
    expect(await run('down', '--yes')).toMatchObject({
      code: 0,
      out: 'controller 7 ended\nproject/web (session $1 on muxlet) ended\n',
    });
    expect(log).toEqual(['stop controller', 'end $1']);
  });

  test('ends nothing while a controller would make it again', async () => {
    const { log, ...ports } = world({ stops: false });
    const { run } = await bench(ports);
    expect(await run('down', '--yes', '--timeout=20ms')).toMatchObject({
      code: 1,
      err: expect.stringContaining('process 7'),
    });
    expect(log).toEqual(['stop controller']);
  });

  test('[S13] reads no answer where there is no terminal', async () => {
    const { log, ...ports } = world();
    const { run } = await bench({ ...ports, input: 'y\n' });
    expect(await run('down')).toMatchObject({ code: 1, err: expect.stringContaining('--yes') });
    expect(log).toEqual([]);
  });

  test.each([
    ['y\n', ['end $1']],
    ['\n', []],
  ])('asks on a terminal: %j', async (input, expected) => {
    const { log, ...ports } = world({ controller: false });
    const { run } = await bench({ ...ports, input, isTTY: { stdin: true, stdout: true, stderr: true } });
    await run('down');
    expect(log).toEqual(expected);
  });

  test('ends our empty servers where nothing else is left, without a question', async () => {
    const { log: _, ...ports } = world({ controller: false });
    const teardown = { ...ports.teardown, sessions: async () => [], endEmptyServers: async () => ['muxlet'] };
    const { run } = await bench({ ...ports, teardown });
    expect(await run('down')).toMatchObject({ code: 0, out: 'tmux server muxlet ended\n', err: '' });
  });

  test('fails if a session could not be ended', async () => {
    const { log: _, ...ports } = world({ controller: false });
    const end = async () => ({ ok: false, error: 'tmux did not answer' });
    const { run } = await bench({ ...ports, teardown: { ...ports.teardown, end } });
    expect(await run('down', '-y')).toMatchObject({ code: 1, err: expect.stringContaining('tmux did not answer') });
  });
});
