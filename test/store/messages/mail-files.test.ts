import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Mail } from '../../../controller/api/mail.ts';
import { createMailFiles } from '../../../controller/store/messages/mail-files.ts';

const GOOD: Mail = {
  id: 'aaaaaaaa',
  message: 'hello',
  occurrence: 1,
  project: 'web',
  projectUid: 'p',
  agent: 'one',
  uid: 'u',
  text: 'hello',
  priority: 0,
  dueAt: 1,
  queuedAt: 1,
  sequence: 1,
  state: 'Queued',
  tries: 0,
};

let agents: string;
let inbox: string;
let broken: string[];

beforeEach(() => {
  agents = mkdtempSync(join(tmpdir(), 'mails-'));
  inbox = join(agents, 'u', 'inbox');
  mkdirSync(inbox, { recursive: true });
  broken = [];
});

afterEach(() => {
  rmSync(agents, { recursive: true, force: true });
});

function files() {
  return createMailFiles(agents, (path) => broken.push(path));
}

test('what was saved is loaded', async () => {
  await files().save(GOOD);
  expect(await files().load()).toEqual([GOOD]);
});

test('a thousand records are loaded with few files open at a time', async () => {
  for (let at = 0; at < 1000; at += 1) {
    const id = at.toString(16).padStart(8, '0');
    writeFileSync(join(inbox, `${id}.json`), JSON.stringify({ ...GOOD, id }));
  }
  expect(await files().load()).toHaveLength(1000);
  expect(broken).toEqual([]);
});

test.each([
  ['text', { text: undefined }],
  ['state', { state: 'Forgotten' }],
  ['time', { typedAt: 'yesterday' }],
  ['sequence', { sequence: undefined }],
  ['place', { uid: 'another' }],
])('a record without a good %s is told of and left out, and holds up no other', async (_what, wrong) => {
  await files().save(GOOD);
  writeFileSync(join(inbox, 'bbbbbbbb.json'), JSON.stringify({ ...GOOD, id: 'bbbbbbbb', ...wrong }));
  expect(await files().load()).toEqual([GOOD]);
  expect(broken).toEqual([join(inbox, 'bbbbbbbb.json')]);
});

test('a FIFO in the place of a record keeps nobody from starting', async () => {
  await files().save(GOOD);
  execFileSync('mkfifo', [join(inbox, 'bbbbbbbb.json')]);
  expect(await files().load()).toEqual([GOOD]);
  expect(broken).toEqual([join(inbox, 'bbbbbbbb.json')]);
});
