import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createNativePrograms } from '../../../controller/observe/launch-check/native-programs.ts';

const isLinux = process.platform === 'linux';
const onLinux = test.runIf(isLinux);
const ELF = isLinux ? readFileSync('/bin/true') : Buffer.alloc(64);
const LOADER = /\/lib[\w./-]*ld-[\w.-]+/;

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'mx-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let at = 0;
  const programs = createNativePrograms(() => at);
  const put = (name: string, content: Buffer | string, mode = 0o755) => {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), mode);
  };
  const question = (program: string) => ({ program, path: `/nowhere:${folder}`, workingDir: folder });
  const look = async (program: string): Promise<boolean> => {
    at += 600;
    programs.look(question(program));
    return vi
      .waitFor(
        () => {
          if (!programs.has(question(program))) throw new Error('not seen');
          return true;
        },
        { timeout: 200, interval: 5 },
      )
      .catch(() => false);
  };
  return { folder, programs, put, question, look, pass: (ms: number) => (at += ms) };
}

onLinux('a program of the kernel’s own format is sure to be executed, by its name and by its path', async () => {
  const { put, look } = setUp();
  put('tool', ELF);
  expect(await look('tool')).toBe(true);
  expect(await look('./tool')).toBe(true);
});

onLinux('who is about to start it waits for a look that is under way, and for none that there is not', async () => {
  const { programs, put, question } = setUp();
  put('tool', ELF);
  expect(await programs.hasSoon(question('tool'))).toBe(false);
  programs.look(question('tool'));
  expect(programs.has(question('tool'))).toBe(false);
  expect(await programs.hasSoon(question('tool'))).toBe(true);
  expect(await programs.hasSoon(question('tool'))).toBe(true);
});

onLinux.each([
  ['a script, whose interpreter may be missing', '#!/nowhere/python\n', 0o755],
  ['a file that may not be executed', ELF, 0o644],
  ['an empty file', '', 0o755],
  ['one that only begins like such a program', '\x7fELF and more', 0o755],
  ['a program for another machine', () => changed((bytes) => bytes.writeUInt16LE(0x1234, 18)), 0o755],
  ['a program whose loader is missing, as of another C library', () => changed(withoutLoader), 0o755],
])('%s, is not', async (_, content, mode) => {
  const { put, look } = setUp();
  put('tool', typeof content === 'function' ? content() : content, mode);
  expect(await look('tool')).toBe(false);
});

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(ELF);
  change(bytes);
  return bytes;
}

function withoutLoader(bytes: Buffer): void {
  const at = LOADER.exec(bytes.toString('latin1'))?.index ?? -1;
  expect(at).toBeGreaterThan(0);
  bytes.write('x', at + 1);
}

test('what is not there, or was never looked for, is not', async () => {
  const { programs, question, look } = setUp();
  expect(programs.has(question('tool'))).toBe(false);
  expect(await look('tool')).toBe(false);
});

onLinux('what was seen is relied on for a moment', async () => {
  const { put, look, pass, programs, question } = setUp();
  put('tool', ELF);
  await look('tool');
  pass(1500);
  expect(programs.has(question('tool'))).toBe(true);
  pass(1);
  expect(programs.has(question('tool'))).toBe(false);
});

onLinux('a program that went, or became a script, is seen so at the next look', async () => {
  const { folder, put, look } = setUp();
  put('tool', ELF);
  expect(await look('tool')).toBe(true);
  rmSync(join(folder, 'tool'));
  expect(await look('tool')).toBe(false);
  put('tool', '#!/nowhere/python\n');
  expect(await look('tool')).toBe(false);
  copyFileSync('/bin/true', join(folder, 'tool'));
  expect(await look('tool')).toBe(true);
});
