import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Mail } from '../../../controller/api/mail.ts';
import type { Handed } from '../../../controller/runtime/mailbox/ports.ts';
import { createPostman, type Postman } from '../../../controller/runtime/mailbox/postman.ts';
import { createRate } from '../../../controller/runtime/mailbox/rate.ts';
import { createMailFiles } from '../../../controller/store/messages/mail-files.ts';
import { deciding } from '../../../controller/wiring/messages/deciding.ts';

const UID = 'agent-uid';
const TYPED: Handed = { type: 'Done', accepted: false };
const ACCEPTED: Handed = { type: 'Done', accepted: true };

let root: string;
let errors: unknown[];
/** How far the clock is off, in milliseconds. */
let offset: number;
let handed: string[];
let pressed: number;
let ends: string[];
let postman: Postman;
/** Lets the hands go on where they are held. */
let release: (() => void) | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'postman-'));
  errors = [];
  offset = 0;
  handed = [];
  pressed = 0;
  ends = [];
  release = undefined;
});

afterEach(() => {
  postman.close();
  rmSync(root, { recursive: true, force: true });
});

test('[S99] the same mail that is put in twice at the same time is handed over once', async () => {
  open();
  const said = await Promise.all([1, 2, 3, 4].map(() => postman.post(mail('aaaaaaaa'))));
  expect(said.filter((word) => word === 'Posted')).toHaveLength(1);
  await until(() => state('aaaaaaaa') === 'Confirmed');
  expect(handed).toEqual(['aaaaaaaa']);
  expect(errors).toEqual([]);
});

test('[S90] what is being handed over is not taken back by what has the same key', async () => {
  open({ held: true });
  await postman.post(mail('aaaaaaaa', 'key'));
  await until(() => release !== undefined);
  const second = postman.post(mail('bbbbbbbb', 'key'));
  await pause();
  release?.();
  await second;
  await until(() => ends.length > 0);
  expect(ends).toEqual(['aaaaaaaa Confirmed']);
  expect(errors).toEqual([]);
});

test('[S90] of many that come at once under the same key the newest alone waits', async () => {
  open({ away: true });
  await Promise.all(['aaaaaaaa', 'bbbbbbbb', 'cccccccc', 'dddddddd'].map((id) => postman.post(mail(id, 'key'))));
  await until(() => ['aaaaaaaa', 'bbbbbbbb', 'cccccccc'].every((id) => state(id) === 'Superseded'));
  expect(state('dddddddd')).toBe('Queued');
  expect(errors).toEqual([]);
});

test('what is withdrawn while it is being handed over stays on record', async () => {
  open({ held: true });
  await postman.post(mail('aaaaaaaa'));
  await until(() => release !== undefined);
  const withdrawn = postman.withdraw(UID, 'aaaaaaaa');
  await pause();
  release?.();
  await withdrawn;
  await until(() => state('aaaaaaaa') === 'Confirmed');
  expect(existsSync(join(root, UID, 'inbox', 'aaaaaaaa.json'))).toBe(true);
});

test('[S93] nothing of a mailbox is left on disk once its agent is gone, whatever was under way', async () => {
  open({ held: true });
  await postman.post(mail('aaaaaaaa'));
  await postman.post(mail('bbbbbbbb'));
  await until(() => release !== undefined);
  postman.seen('project-uid', [], true);
  await pause();
  release?.();
  await until(() => readdirSync(join(root, UID, 'inbox')).length === 0);
  // Nor does it come back.
  await pause(100);
  expect(readdirSync(join(root, UID, 'inbox'))).toEqual([]);
  expect(postman.mails(UID)).toEqual([]);
  expect(errors).toEqual([]);
});

test('[S81] a key that the terminal would not take was not pressed, and is pressed again', async () => {
  open({ real: true, refused: 1, delivery: { confirmSeconds: 60 } });
  await postman.post(mail('aaaaaaaa'));
  await until(() => pressed === 2);
  await until(() => postman.mail(UID, 'aaaaaaaa')?.enters === 1);
  expect(handed).toEqual(['aaaaaaaa']);
});

test('[S79] a clock that is set back holds up nothing', async () => {
  open({ real: true });
  await postman.post(mail('aaaaaaaa'));
  await until(() => state('aaaaaaaa') === 'Confirmed');
  offset = -3_600_000;
  await postman.post(mail('bbbbbbbb'));
  await until(() => state('bbbbbbbb') === 'Confirmed');
});

function open({ held = false, away = false, real = false, refused = 0, delivery = {} } = {}): void {
  const hold = (): Promise<void> =>
    held
      ? new Promise((resolve) => {
          release = resolve;
        })
      : Promise.resolve();
  postman = createPostman({
    clock: {
      now: () => Date.now() + offset,
      after(ms, callback) {
        const timer = setTimeout(callback, ms);
        return () => {
          clearTimeout(timer);
        };
      },
    },
    files: createMailFiles(root, (_path, error) => errors.push(error)),
    deciding: {
      ...deciding,
      next: (input) => {
        if (real) return deciding.next(input);
        const { mails } = input;
        const [next] = mails.filter(({ state: is }) => is === 'Queued');
        return away || next === undefined ? { type: 'Nothing' } : { type: 'Deliver', id: next.id };
      },
    },
    look: () =>
      Promise.resolve({
        type: 'Seen',
        run: 'run',
        inMode: false,
        isShell: false,
        screen: [],
        styled: [],
        personAt: undefined,
        waitingPastes: [],
      }),
    courier: {
      async prepare() {
        await hold();
        return TYPED;
      },
      hand(_to, { id }) {
        handed.push(id);
        return Promise.resolve(refused > 0 ? TYPED : ACCEPTED);
      },
      submit() {
        pressed += 1;
        const no: Handed = { type: 'NotDone', isTry: false, reason: 'PaneNotReady', detail: '' };
        return Promise.resolve(pressed > refused ? TYPED : no);
      },
      discard: () => Promise.resolve(),
      clear: () => Promise.resolve(TYPED),
    },
    reading: () => ({ agent: 'one', run: 'run', state: 'Idle', at: 0, movedAt: 0, turns: { prompts: [] } }),
    rate: createRate(100, 100),
    onChange: () => undefined,
    onEnd: ({ id, state: end }) => ends.push(`${id} ${end}`),
    onRetry: () => undefined,
    onError: (error) => errors.push(error),
  });
  const to = { project: 'web', projectUid: 'project-uid', agent: 'one', uid: UID, class: 'talker', workingDir: root };
  postman.seen(
    'project-uid',
    [
      {
        ...to,
        pane: { server: 's', session: '$1', id: '%1', pid: 1, run: 'run' },
        program: { delivery },
        says: 'Idle',
      },
    ],
    true,
  );
}

function mail(id: string, dedupeKey?: string): Omit<Mail, 'sequence'> {
  return {
    id,
    message: id,
    occurrence: 1,
    project: 'web',
    projectUid: 'project-uid',
    agent: 'one',
    uid: UID,
    text: id,
    priority: 0,
    dueAt: 0,
    queuedAt: Date.now(),
    ...(dedupeKey !== undefined && { dedupeKey }),
    state: 'Queued',
    tries: 0,
  };
}

function state(id: string): Mail['state'] | undefined {
  return postman.mail(UID, id)?.state;
}

function until(look: () => boolean): Promise<void> {
  return vi.waitFor(
    () => {
      if (!look()) throw new Error(JSON.stringify([postman.mails(UID), errors.map(String)]));
    },
    { timeout: 5000, interval: 5 },
  );
}

function pause(ms = 30): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
