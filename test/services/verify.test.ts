import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { plistText } from '../../controller/cli/service/launchd-plist.ts';
import { withMark } from '../../controller/cli/service/mark.ts';

const manifests = fileURLToPath(new URL('../../manifests/', import.meta.url));

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mx-verify-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test.each(['user', 'system'])(
  'systemd-analyze verify has nothing to say of the units of manifests/systemd/%s',
  (scope) => {
    const folder = temporary();
    mkdirSync(join(folder, 'runtime'));
    const files = readdirSync(`${manifests}systemd/${scope}`).map((name) => {
      const text = readFileSync(`${manifests}systemd/${scope}/${name}`, 'utf8');
      writeFileSync(join(folder, name), text.replaceAll('/usr/bin/node', process.execPath));
      return join(folder, name);
    });
    expect(files).toHaveLength(3);
    const said = execFileSync(
      'sh',
      ['-c', 'exec systemd-analyze "$@" 2>&1', 'sh', 'verify', '--man=no', `--${scope}`, ...files],
      {
        encoding: 'utf8',
        env: { ...process.env, XDG_RUNTIME_DIR: join(folder, 'runtime'), HOME: folder },
      },
    );
    expect(said).toBe('');
  },
);

test.each(['user', 'system'])('the property lists of manifests/launchd/%s are read as what they say', (scope) => {
  for (const name of readdirSync(`${manifests}launchd/${scope}`)) {
    const job = readPlist(`${manifests}launchd/${scope}/${name}`) as Record<string, unknown>;
    expect(`${String(job['Label'])}.plist`).toBe(name);
    expect(job['ProgramArguments']).toContain(name.includes('audit') ? 'audit' : 'run');
    expect(job['UserName']).toBe(scope === 'system' ? 'muxlet' : undefined);
  }
});

test('a property list says what it was made of, whatever a path is called', () => {
  const path = join(temporary(), 'x.plist');
  const value = { Label: '<a> & "b" ]]>', List: ['é', ' x '], On: true, Off: false, Number: 5, None: [], Empty: '' };
  writeFileSync(path, withMark(plistText(value), '<!--'));
  expect(readPlist(path)).toEqual(value);
});

/** By macOS' own reader where there is one. */
function readPlist(path: string): unknown {
  const [program = '', ...args] =
    process.platform === 'darwin'
      ? ['plutil', '-convert', 'json', '-o', '-', path]
      : ['python3', '-c', 'import plistlib,json,sys; print(json.dumps(plistlib.load(open(sys.argv[1],"rb"))))', path];
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8' }));
}
