import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../e2e/support/world.ts';
import { withBox } from './support/box.ts';
import { agents, expectUntouched, installed, pidOf, restarted } from './support/service.ts';

// A real systemd user manager and a real journal. Whatever becomes of the service, the agents are those of before.

test('installed, started anew, stopped, killed, hung, ended and removed: the agents go on until muxlet down', () =>
  withBox(async (box) => {
    const before = await installed(box, '--user');
    // The start was over when it was ready, and not before.
    expect(await box.show(box.unit, 'ActiveState')).toBe('active');
    await until('its line says how it stands', async () =>
      /^1 project, \d of 2 agents ready$/.test(await box.show(box.unit, 'StatusText')),
    );
    const status = await box.muxlet('service', 'status', '--user');
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('active (running), enabled, process ') });
    expect(status.stdout).toContain('loginctl enable-linger root');

    const scopes = await box.systemctl('list-units', '--plain', '--no-legend', 'muxlet-tmux-*');
    const [scope = ''] = scopes.split(' ');
    expect(scope).toMatch(/^muxlet-tmux-.*\.scope$/);
    expect(await box.show(scope, 'OOMPolicy')).toMatch(/^(?:continue)?$/);
    for (const { pid } of before) {
      expect(await box.must('cat', `/proc/${pid}/cgroup`)).toContain(scope);
      expect(await box.must('cat', `/proc/${pid}/environ`)).not.toMatch(
        /NOTIFY_SOCKET|INVOCATION_ID|WATCHDOG_|JOURNAL_/,
      );
    }

    await box.systemctl('restart', box.unit);
    await expectUntouched(box, before);

    const killed = await pidOf(box);
    await box.dropIn('RestartSec=100ms\nWatchdogSec=10s');
    await box.systemctl('restart', box.unit);
    const second = await restarted(box, killed);
    await box.must('kill', '-KILL', String(second));
    const third = await restarted(box, second);
    await expectUntouched(box, before);

    await box.must('kill', '-STOP', String(third));
    await restarted(box, third);
    await expectUntouched(box, before);
    expect(await box.must('journalctl', '--no-pager')).toMatch(/watchdog/i);

    await box.systemctl('start', `muxlet-${box.socket}-audit.service`);
    expect(await box.show(`muxlet-${box.socket}-audit.service`, 'Result')).toBe('success');

    await box.systemctl('stop', box.unit);
    expect(await box.show(box.unit, 'Result')).toBe('success');
    expect(await box.show(`muxlet-${box.socket}-audit.timer`, 'ActiveState')).toBe('inactive');
    await expectUntouched(box, before);
    await box.systemctl('start', box.unit);
    await until(
      'the timer is back',
      async () => (await box.show(`muxlet-${box.socket}-audit.timer`, 'ActiveState')) === 'active',
    );
    await expectUntouched(box, before);

    const lines = await box.journal();
    expect(lines.find(({ MESSAGE }) => MESSAGE?.includes('AgentStarted'))).toMatchObject({
      MESSAGE: expect.stringMatching(/^project\/web {2}AgentStarted {2}agent \w+ runs/),
      PRIORITY: '6',
    });
    expect(lines.find(({ MESSAGE }) => MESSAGE?.includes('WatchdogSec is too short'))).toMatchObject({
      PRIORITY: '4',
    });

    expect((await box.muxlet('down', '--yes')).code).toBe(0);
    await until('it has ended', async () => (await box.show(box.unit, 'ActiveState')) === 'inactive');
    expect(await box.show(box.unit, 'Result')).toBe('success');
    expect(await box.systemctl('list-units', '--plain', '--no-legend', 'muxlet-tmux-*')).toBe('');

    expect((await box.muxlet('service', 'uninstall', '--user', '--yes')).code).toBe(0);
    expect(await box.show(box.unit, 'LoadState')).toBe('not-found');
  }));

test('where no scope can be had, the server stays in the service, and still goes on when that ends or is killed', () =>
  withBox(async (box) => {
    await box.dropIn('UnsetEnvironment=XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS\nRestartSec=100ms');
    const before = await installed(box, '--user');
    expect(await box.must('cat', `/proc/${before[0]?.pid}/cgroup`)).toContain(box.unit);
    const first = await pidOf(box);
    await box.must('kill', '-KILL', String(first));
    await restarted(box, first);
    await expectUntouched(box, before);
    await box.systemctl('restart', box.unit);
    await box.systemctl('stop', box.unit);
    await expectUntouched(box, before);
  }));

test('a private /tmp of the service hides the socket: not known is said, nothing is started or ended [S45]', () =>
  withBox(async (box) => {
    const before = await installed(box, '--user');
    const folder = join(box.root, 'tmux');
    await box.dropIn(`TemporaryFileSystem=${folder}\nTimeoutStartSec=20s`);
    await box.run('systemctl', '--user', 'restart', box.unit);
    const ready = await until('it is said', async () => {
      const { stdout } = await box.muxlet('get', 'project', 'web', '-o', 'json');
      const { status } = JSON.parse(stdout) as {
        status: { conditions: { type: string; status: string; reason: string }[] };
      };
      const found = status.conditions.find(({ type }) => type === 'Ready');
      return found?.status === 'Unknown' ? found : undefined;
    });
    expect(ready.reason).toBe('TmuxUnreachable');
    for (const { pid } of before) await box.must('kill', '-0', String(pid));
    expect((await box.must('pgrep', '-c', '-x', 'tmux: server')).trim()).toBe('1');
    await box.dropIn('');
    await box.systemctl('restart', box.unit);
    await until('it is ready again', async () => (await agents(box)).every(({ ready: is }) => is));
    await expectUntouched(box, before);
  }));
