import { expect, test } from 'vitest';
import { until } from '../e2e/support/world.ts';
import { ACCOUNT, giveToAccount, withMachine } from './support/box.ts';
import { expectUntouched, installed, pidOf, ready, restarted } from './support/service.ts';

// systemd as the first process of a machine that can be started anew.

test("the machine's service: started anew, killed, stopped, and after a start of the machine everything is back", () =>
  withMachine(async (box) => {
    const before = await installed(box, '--system');
    expect(await box.must('cat', '/proc/1/comm')).toBe('systemd');
    const status = await box.muxlet('service', 'status', '--system');
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('active (running), enabled, process ') });
    expect(status.stdout).not.toContain('linger');
    const [scope = ''] = (await box.systemctl('list-units', '--plain', '--no-legend', 'muxlet-tmux-*')).split(' ');
    expect(scope).toMatch(/^muxlet-tmux-.*\.scope$/);
    for (const { pid } of before) {
      expect(await box.must('cat', `/proc/${pid}/cgroup`)).toContain(`/system.slice/${scope}`);
      // What the unit forbids, it forbids the agents as well.
      expect(await box.must('cat', `/proc/${pid}/status`)).toMatch(/NoNewPrivs:\s1[^]*Seccomp:\s2/);
    }

    const first = await pidOf(box);
    await box.systemctl('restart', box.unit);
    await expectUntouched(box, before);
    await box.dropIn('RestartSec=100ms');
    const second = await pidOf(box);
    expect(second).not.toBe(first);
    await box.must('kill', '-KILL', String(second));
    await restarted(box, second);
    await expectUntouched(box, before);
    await box.systemctl('start', `muxlet-${box.socket}-audit.service`);
    expect(await box.show(`muxlet-${box.socket}-audit.service`, 'Result')).toBe('success');
    await box.systemctl('stop', box.unit);
    await expectUntouched(box, before);
    await box.systemctl('start', box.unit);
    await expectUntouched(box, before);

    await box.reboot();
    const after = await ready(box);
    expect(after.map(({ pid }) => pid)).not.toEqual(before.map(({ pid }) => pid));
    expect((await box.muxlet('events')).stdout).toContain('Rebooted');
    expect((await box.muxlet('audit')).code).toBe(0);

    expect((await box.muxlet('service', 'uninstall', '--system', '--yes')).code).toBe(0);
    expect(await box.show(box.unit, 'LoadState')).toBe('not-found');
    await expectUntouched(box, after);
    expect((await box.muxlet('down', '--yes')).code).toBe(0);
  }));

test('under an account of its own the server stays in the service, and outlives it; the machine ends all', () =>
  withMachine(async (box) => {
    giveToAccount(box);
    const own = { ...box, muxlet: box.muxletOfAccount };
    const before = await installed({ ...own, muxlet: box.muxlet }, '--system', '--run-as', ACCOUNT.name);
    for (const { pid } of before) {
      expect(await box.must('cat', `/proc/${pid}/cgroup`)).toContain(`/system.slice/${box.unit}`);
      expect(await box.must('stat', '-c', '%U', `/proc/${pid}`)).toBe(ACCOUNT.name);
    }
    await box.dropIn('RestartSec=100ms');
    await box.systemctl('restart', box.unit);
    await expectUntouched(own, before);
    const first = await pidOf(box);
    await box.must('kill', '-KILL', String(first));
    await restarted(box, first);
    await expectUntouched(own, before);
    await box.systemctl('stop', box.unit);
    expect(await box.show(box.unit, 'ActiveState')).toBe('inactive');
    await expectUntouched(own, before);
    await box.systemctl('start', box.unit);
    await expectUntouched(own, before);

    await box.reboot();
    await ready(own);
    expect((await own.muxlet('down', '--yes')).code).toBe(0);
    await until('it has ended', async () => (await box.show(box.unit, 'ActiveState')) === 'inactive');
    expect(await box.show(box.unit, 'Result')).toBe('success');
  }));
