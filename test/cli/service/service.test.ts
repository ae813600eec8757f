import { existsSync } from 'node:fs';
import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finished } from '../../../controller/cli/ports.ts';
import { type BenchOptions, bench } from '../harness.ts';

const UNIT = 'home/.config/systemd/user/muxlet.service';

/** A command line whose programs answer as `answers` says, by how the command begins; all others succeed in silence. */
async function withPrograms(answers: Readonly<Record<string, Finished>> = {}, options: BenchOptions = {}) {
  const ran: string[] = [];
  const programs = {
    async run(argv: readonly string[]): Promise<Finished> {
      const line = argv.filter((word) => word !== '--no-pager').join(' ');
      ran.push(line);
      const found = Object.entries(answers).find(([beginning]) => line.startsWith(beginning));
      return found?.[1] ?? { ok: true, stdout: '', stderr: '' };
    },
    runInTerminal: async () => 0,
  };
  const made = await bench({ programs, env: { PATH: '/usr/bin:/bin', USER: 'sam' }, ...options });
  return { ...made, ran, done: () => ran.filter((line) => !/ show |^loginctl/.test(line)) };
}

const says = (stdout: string): Finished => ({ ok: true, stdout, stderr: '' });
const ACTIVE = says('LoadState=loaded\nUnitFileState=enabled\nActiveState=active\nSubState=running\nMainPID=7\n');

describe('service install', () => {
  test('shows what it would write and run, and does neither with --dry-run', async () => {
    const { run, root, done } = await withPrograms();
    const { code, out } = await run('service', 'install', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain(`+++ ${join(root, UNIT)}\n`);
    expect(out).toContain('+Type=notify\n');
    expect(out).toContain('  systemctl --user enable muxlet.service muxlet-audit.timer\n');
    expect(existsSync(join(root, UNIT))).toBe(false);
    expect(done()).toEqual([]);
  });

  test('never asks without a terminal: it shows, fails, and writes nothing', async () => {
    const { run, root, done } = await withPrograms();
    const { code, err, out } = await run('service', 'install');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('--yes') });
    expect(out).toContain('+Type=notify\n');
    expect(existsSync(join(root, UNIT))).toBe(false);
    expect(done()).toEqual([]);
  });

  test.each([
    ['n\n', false],
    ['y\n', true],
  ])('on a terminal, %j is what the person says', async (input, written) => {
    const { run, root, ran } = await withPrograms({}, { input, isTTY: { stdin: true, stdout: true, stderr: true } });
    const { err } = await run('service', 'install');
    expect(err).toContain('Write these 3 files and run these commands? [y/N]');
    expect(existsSync(join(root, UNIT))).toBe(written);
    expect(ran.some((line) => line.includes('daemon-reload'))).toBe(written);
  });

  test('writes, starts, and says how to look at it and how to keep it', async () => {
    const { run, root, done } = await withPrograms({ loginctl: says('no\n') });
    const { code, out } = await run('service', 'install', '--yes');
    expect(code).toBe(0);
    expect(done()).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable muxlet.service muxlet-audit.timer',
      'systemctl --user start muxlet.service muxlet-audit.timer',
    ]);
    expect(out).toContain('systemctl --user status muxlet ');
    expect(out).toContain('journalctl --user -u muxlet ');
    expect(out).toContain('loginctl enable-linger sam\n');
    expect((await stat(join(root, UNIT))).mode & 0o777).toBe(0o644);
  });

  test('writes nothing where no service manager runs, unless nothing is to be started', async () => {
    const { run, root, done } = await withPrograms({ systemctl: { ok: false, stdout: '', stderr: 'no bus' } });
    const { code, err } = await run('service', 'install', '--yes');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('systemctl gives no answer') });
    expect(existsSync(join(root, UNIT))).toBe(false);
    expect(done()).toEqual([]);
    expect((await run('service', 'install', '--yes', '--no-start')).code).toBe(0);
    expect(existsSync(join(root, UNIT))).toBe(true);
  });

  test('does nothing the second time', async () => {
    const { run, root, ran } = await withPrograms({ 'systemctl --user show': ACTIVE });
    await run('service', 'install', '--yes');
    const before = await readFile(join(root, UNIT), 'utf8');
    ran.length = 0;
    const { code, out } = await run('service', 'install');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('is installed as it is to be: active') });
    expect(ran).toEqual([expect.stringContaining('systemctl --user show')]);
    expect(await readFile(join(root, UNIT), 'utf8')).toBe(before);
  });

  test('shows a change of its own file as a diff, and starts the service anew', async () => {
    const { run, done, ran } = await withPrograms({ 'systemctl --user show': ACTIVE });
    await run('service', 'install', '--yes');
    ran.length = 0;
    const { out } = await run('service', 'install', '--yes', '--listen', '127.0.0.1:9000');
    expect(out).toMatch(/^-ExecStart=.*muxlet$/m);
    expect(out).toMatch(/^\+ExecStart=.*--listen 127\.0\.0\.1:9000$/m);
    expect(done().at(-1)).toBe('systemctl --user restart muxlet.service muxlet-audit.timer');
  });

  test('leaves the usual port to the service of the usual server', async () => {
    const { run } = await withPrograms();
    expect((await run('service', 'install', '--dry-run')).out).not.toContain('--listen');
    const { out } = await run('--tmux-socket', 'team', 'service', 'install', '--dry-run');
    expect(out).toMatch(/^\+ExecStart=.* --tmux-socket team --listen 127\.0\.0\.1:0$/m);
    const refused = await run('service', 'install', '--dry-run', '--listen', 'here');
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('"here" is no HOST:PORT') });
  });

  test.each([
    ['[Unit]\nDescription=mine\n', 'was not written by muxlet'],
    ['', 'was not written by muxlet'],
  ])('does not write over %j', async (text, reason) => {
    const { run, write, read, done } = await withPrograms();
    await write(UNIT, text);
    const { code, err } = await run('service', 'install', '--yes');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(reason) });
    expect(await read(UNIT)).toBe(text);
    expect(done()).toEqual([]);
    expect((await run('service', 'install', '--yes', '--force')).code).toBe(0);
    expect(await read(UNIT)).toContain('Type=notify');
  });

  test('does not write over its own file once somebody changed that', async () => {
    const { run, write, read } = await withPrograms();
    await run('service', 'install', '--yes');
    const edited = `${await read(UNIT)}CPUQuota=50%\n`;
    await write(UNIT, edited);
    const { code, err } = await run('service', 'install', '--yes');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('was changed by hand') });
    expect(await read(UNIT)).toBe(edited);
    expect((await run('service', 'status')).out).toMatch(/muxlet\.service +changed by hand/);
    expect((await run('service', 'uninstall', '--yes')).code).toBe(1);
    expect(await read(UNIT)).toBe(edited);
  });

  test('says which command failed and what is left to do; the files stay', async () => {
    const { run, root } = await withPrograms({
      'systemctl --user daemon-reload': { ok: false, stdout: '', stderr: 'Failed to connect to bus' },
    });
    const { code, err } = await run('service', 'install', '--yes');
    expect(code).toBe(1);
    expect(err).toContain('Failed to connect to bus');
    expect(err).toContain('left to do: systemctl --user enable');
    expect(existsSync(join(root, UNIT))).toBe(true);
  });

  test('says that a controller runs already', async () => {
    const controller = { find: async () => ({ pid: 4711 }), stop: async () => undefined };
    const { run } = await withPrograms({}, { controller });
    expect((await run('service', 'install', '--dry-run')).err).toContain('process 4711');
  });

  test("another tmux server's controller is another service", async () => {
    const { run, root } = await withPrograms();
    await run('--tmux-socket', 'team', 'service', 'install', '--yes');
    expect(existsSync(join(root, 'home/.config/systemd/user/muxlet-team.service'))).toBe(true);
    expect(existsSync(join(root, UNIT))).toBe(false);
  });

  test("the machine's service is root's, and runs under the account that called sudo", async () => {
    const { run } = await withPrograms();
    expect(await run('service', 'install', '--system', '--yes')).toMatchObject({ code: 2, err: /root's/ });
    const argv = ['/usr/bin/node', '/opt/muxlet/main.js'];
    const root = await withPrograms(
      {},
      {
        self: { platform: 'linux', uid: 0, argv },
        env: { PATH: '/usr/bin', SUDO_USER: 'sam', XDG_DATA_HOME: '/root/d' },
      },
    );
    const { out } = await root.run('service', 'install', '--dry-run');
    expect(out).toContain('+++ /etc/systemd/system/muxlet.service\n');
    expect(out).toContain('+User=sam\n');
    expect(out).toContain('+NoNewPrivileges=yes\n');
    expect(out).not.toContain('XDG_DATA_HOME');
    expect(await root.run('service', 'install', '--dry-run', '--run-as', 'sam\nX=1')).toMatchObject({ code: 2 });
  });

  test('a folder that cannot be written is an error with its path', async () => {
    const { run, write, root } = await withPrograms();
    await write('home/.config/systemd/user', 'a file');
    await chmod(join(root, 'home'), 0o755);
    expect(await run('service', 'install', '--yes')).toMatchObject({
      code: 1,
      err: expect.stringContaining('systemd/user'),
    });
  });

  test('keeps of PATH what lasts, and of the environment what a service manager lacks', async () => {
    const PATH = '/w/node_modules/.bin:/home/sam/.npm/_npx/1/bin:/opt/bin:relative:/usr/bin:/opt/bin:/w/state/bin';
    const { run } = await withPrograms(
      {},
      { env: { PATH, TMUX_TMPDIR: '/t m p', API_KEY: 'secret', MUXLET_RESYNC: '9s' } },
    );
    const { out } = await run('service', 'install', '--dry-run');
    expect(out).toContain('+Environment="PATH=/opt/bin:/usr/bin"\n');
    expect(out).toContain('+Environment="TMUX_TMPDIR=/t m p"\n');
    expect(out).toContain('+Environment="MUXLET_RESYNC=9s"\n');
    expect(out).not.toContain('secret');
  });

  test('is made for systemd and launchd alone', async () => {
    const { run } = await withPrograms({}, { self: { platform: 'freebsd', uid: 1, argv: ['node'] } });
    expect(await run('service', 'status')).toMatchObject({ code: 2, err: expect.stringContaining('freebsd') });
  });
});

describe('service uninstall', () => {
  test('ends the service, removes its files, and says what becomes of the agents', async () => {
    const { run, root, ran, done } = await withPrograms();
    await run('service', 'install', '--yes');
    ran.length = 0;
    expect((await run('service', 'uninstall')).code).toBe(1);
    expect(existsSync(join(root, UNIT))).toBe(true);
    const { code, out } = await run('service', 'uninstall', '--yes');
    expect(code).toBe(0);
    expect(out).toContain('the agents go on');
    expect(done()).toEqual([
      'systemctl --user disable --now muxlet-audit.timer muxlet.service',
      'systemctl --user daemon-reload',
    ]);
    expect(existsSync(join(root, UNIT))).toBe(false);
    expect((await run('service', 'uninstall')).out).toBe('muxlet is not installed\n');
  });
});

describe('service status', () => {
  test("says systemd's words, and fails where nothing runs", async () => {
    const { run } = await withPrograms({ 'systemctl --user show': ACTIVE });
    expect(await run('service', 'status')).toMatchObject({
      code: 0,
      out: expect.stringContaining('muxlet: active (running), enabled, process 7\n'),
    });
    const none = await withPrograms({ systemctl: { ok: false, stdout: '', stderr: '' } });
    expect(await none.run('service', 'status')).toMatchObject({ code: 1, out: expect.stringContaining('no answer') });
  });
});
