import { describe, expect, test } from 'vitest';
import { launchd } from '../../../controller/cli/service/launchd.ts';
import { plistText } from '../../../controller/cli/service/launchd-plist.ts';
import { ownerOf, withMark } from '../../../controller/cli/service/mark.ts';
import type { Service } from '../../../controller/cli/service/service.ts';
import { systemd } from '../../../controller/cli/service/systemd.ts';
import { quoteAssignment, quoteCommand } from '../../../controller/cli/service/systemd-quote.ts';

/** As a package of a distribution would have it. */
function packaged(scope: Service['scope'], root: string): Service {
  return {
    scope,
    name: 'muxlet',
    argv: ['/usr/bin/node', '/usr/lib/node_modules/muxlet/dist/controller/main.js'],
    places: { specs: `${root}/specs`, state: `${root}/state`, socket: 'muxlet' },
    listen: undefined,
    runAs: scope === 'system' ? 'muxlet' : undefined,
    environment: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
  };
}

const HOMES = { user: '/home/sam/muxlet', system: '/var/lib/muxlet' } as const;

describe.each(['user', 'system'] as const)('the files of a service of the %s', (scope) => {
  test('manifests/systemd holds what would be written (vitest -u writes it)', async () => {
    for (const { path, text } of systemd('/home/sam/.config').files(packaged(scope, HOMES[scope]))) {
      await expect(text).toMatchFileSnapshot(`../../../manifests/systemd/${scope}/${path.split('/').at(-1)}`);
    }
  });

  test('manifests/launchd holds what would be written (vitest -u writes it)', async () => {
    const folder = scope === 'user' ? '/Users/sam/muxlet' : '/usr/local/var/muxlet';
    for (const { path, text } of launchd({ home: '/Users/sam', uid: 501 }).files(packaged(scope, folder))) {
      await expect(text).toMatchFileSnapshot(`../../../manifests/launchd/${scope}/${path.split('/').at(-1)}`);
    }
  });

  test('no unit has a mount namespace, in which the socket of tmux could be out of sight', () => {
    for (const { text } of systemd('/c').files(packaged(scope, HOMES[scope]))) {
      expect(text).not.toMatch(
        /^(?:PrivateTmp=yes|PrivateMounts|ProtectSystem|ProtectHome|ProtectKernel|ProtectControl|ProtectProc|ReadWrite|ReadOnly|Inaccessible|TemporaryFile|Bind|PrivateDevices|PrivateUsers|RuntimeDirectory|StateDirectory|DynamicUser|Root)/m,
      );
    }
  });
});

test('a mark tells what we wrote from what was changed and from what others wrote', () => {
  for (const [text, comment] of [
    ['[Unit]\nDescription=x\n', '#'],
    [plistText({ a: 1 }), '<!--'],
  ] as const) {
    const marked = withMark(text, comment);
    expect(ownerOf(marked)).toBe('Ours');
    expect(ownerOf(`${marked}#\n`)).toBe('Edited');
    expect(ownerOf(marked.replace(/sha256:\w{4}/, 'sha256:0000'))).toBe('Edited');
    expect(ownerOf(text)).toBe('Foreign');
  }
});

test('words of a unit mean themselves', () => {
  expect(quoteCommand(['/usr/bin/node', '/a b/$x', '100%', ';', 'q"\\', ''])).toBe(
    String.raw`/usr/bin/node "/a b/$$x" "100%%" ";" "q\"\\" ""`,
  );
  expect(quoteAssignment('P', '/a b:%h:$x')).toBe('"P=/a b:%%h:$x"');
  expect(() => quoteCommand(['a\nb'])).toThrow(/control characters/);
});

test('a property list escapes what XML would read, and refuses what it cannot hold', () => {
  const text = plistText({ '<a>': ['<b> & "c"', true, 5, {}] });
  expect(text).toContain('<key>&lt;a&gt;</key>\n  <array>\n    <string>&lt;b&gt; &amp; "c"</string>\n    <true/>\n');
  expect(() => plistText({ a: '\u0000' })).toThrow(/control characters/);
});
