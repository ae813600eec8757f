import { describe, expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import { type Mail, markOf } from '../../../controller/api/mail.ts';
import type { Step } from '../../../controller/api/mail-step.ts';
import type { PaneFacts } from '../../../controller/api/pane-look.ts';
import { apply } from '../../../controller/reconcile/mailbox/apply.ts';
import type { MailboxInput } from '../../../controller/reconcile/mailbox/facts.ts';
import { nextStep } from '../../../controller/reconcile/mailbox/next-step.ts';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const RUN = `${NOW - 60_000}-1`;

const QUEUED: Mail = {
  id: '0a1b2c3d',
  message: 'hello',
  occurrence: 1,
  project: 'web',
  projectUid: 'p',
  agent: 'dev',
  uid: 'a',
  text: 'hello',
  priority: 0,
  dueAt: NOW - 5000,
  queuedAt: NOW - 5000,
  sequence: 1,
  state: 'Queued',
  tries: 0,
};
const TYPING: Mail = { ...QUEUED, state: 'Typing', run: RUN, typedAt: NOW - 1000, enters: 0 };
const TYPED: Mail = { ...TYPING, state: 'Typed' };
const ENTERED: Mail = { ...TYPED, enters: 1, enterAt: NOW - 500, firstEnterAt: NOW - 500 };

function reading(words: Partial<AgentReading> = {}): AgentReading {
  return { agent: 'dev', run: RUN, state: 'Idle', at: NOW - 9000, movedAt: NOW, turns: { prompts: [] }, ...words };
}

function pane(box: string, words: Partial<PaneFacts> = {}): MailboxInput['pane'] {
  const screen = ['said something', `> ${box}`];
  const calm = { inMode: false, isShell: false, personAt: undefined, waitingPastes: [] };
  return { type: 'Seen', run: RUN, screen, styled: screen, ...calm, ...words };
}

function step(words: Partial<MailboxInput> = {}): Step {
  return nextStep({
    mails: [QUEUED],
    delivery: { inputLine: '^> ?(?<text>.*)$', pauseMs: 300, confirmSeconds: 1 },
    dialogs: [{ name: 'Permission', pattern: '^Allow', answers: {} }],
    recordsPrompts: true,
    reading: reading(),
    calm: { since: NOW - 1000, reads: 3 },
    pane: pane(''),
    says: 'Idle',
    lastExit: undefined,
    lastBegunAt: undefined,
    rateWaitMs: 0,
    now: NOW,
    ...words,
  });
}

const shown = (one: Step): string => ('reason' in one ? `${one.type} ${one.reason}` : one.type);
const taken = (text: string, at = NOW) => ({ at, text });

describe('what waits', () => {
  const waits: readonly (readonly [string, Partial<MailboxInput>, string])[] = [
    ['an idle agent with an empty box', {}, 'Deliver'],
    ['an agent that works', { reading: reading({ state: 'Busy' }) }, 'Wait Busy'],
    [
      'one that queues while it works',
      { reading: reading({ state: 'Busy' }), delivery: { whileBusy: true } },
      'Deliver',
    ],
    ['a permission', { reading: reading({ state: 'Waiting', reason: 'PermissionPrompt' }) }, 'Wait PermissionPrompt'],
    [
      'a failed turn that may be tried again',
      { reading: reading({ state: 'Waiting', reason: 'TurnFailed', failure: 'Transient' }) },
      'Deliver',
    ],
    [
      'a failed turn that may not',
      { reading: reading({ state: 'Waiting', reason: 'TurnFailed', failure: 'Permanent' }) },
      'Wait TurnFailed',
    ],
    ['a lost login', { reading: reading({ state: 'NeedsAuth', reason: 'Login' }) }, 'Wait Login'],
    ['a limit', { reading: reading({ state: 'Limited', reason: 'UsageLimit' }) }, 'Wait UsageLimit'],
    ['an agent that is held and does not run', { reading: undefined, says: 'AccountHeld' }, 'Wait AccountHeld'],
    ['a dialog on the screen', { pane: pane('', { screen: ['Allow this?', '> '] }) }, 'Wait Permission'],
    ['half a line of a person', { pane: pane('half a li') }, 'Wait InputBoxNotEmpty'],
    ['a person who types', { pane: pane('', { personAt: NOW - 2000 }) }, 'Wait PersonTyping'],
    ["a person who looks at the pane's history", { pane: pane('', { inMode: true }) }, 'Wait PaneInMode'],
    ['a shell in its place', { pane: pane('', { isShell: true }) }, 'Wait ShellWithoutAgent'],
    ['a state that has only just begun', { calm: { since: NOW - 100, reads: 2 } }, 'Wait Settling'],
    ['one that was just spoken to', { lastBegunAt: NOW - 500 }, 'Wait Paced'],
  ];
  test.each(waits)('%s', (_, input, wanted) => {
    expect(shown(step(input))).toBe(wanted);
  });

  test('[S92] after a limit only that it is over is said, and before all else', () => {
    const goOn = (endedAt: number): Mail => ({ ...QUEUED, id: 'ffffffff', dueAt: NOW, afterLimit: endedAt });
    const urgent: Mail = { ...QUEUED, priority: 1000 };
    const limited = reading({ state: 'Limited', reason: 'UsageLimit', at: NOW - 9000 });
    expect(step({ mails: [urgent, goOn(NOW - 1000)], reading: limited })).toEqual({ type: 'Deliver', id: 'ffffffff' });
    // A limit that is newer than the one of which it tells.
    expect(shown(step({ mails: [urgent, goOn(NOW - 10_000)], reading: limited }))).toBe('Wait UsageLimit');
    expect(shown(step({ mails: [urgent], reading: limited }))).toBe('Wait UsageLimit');
  });

  test('the higher priority goes first, then what was due first, whichever came first', () => {
    const late: Mail = { ...QUEUED, id: '00000001', dueAt: NOW - 1, sequence: 1 };
    const early: Mail = { ...QUEUED, id: '00000002', dueAt: NOW - 2, sequence: 2 };
    const urgent: Mail = { ...QUEUED, id: '00000003', dueAt: NOW, sequence: 3, priority: 1 };
    expect(step({ mails: [late, early, urgent] })).toEqual({ type: 'Deliver', id: urgent.id });
    expect(step({ mails: [late, early] })).toEqual({ type: 'Deliver', id: early.id });
  });
});

describe('[S99] what was begun by a controller that is gone', () => {
  const begun: readonly (readonly [string, Mail, Partial<MailboxInput>, string])[] = [
    [
      'its text waits in the buffer: it was not typed',
      TYPING,
      { pane: pane('', { waitingPastes: [TYPING.id] }) },
      'PutBack NotTyped',
    ],
    ['the buffer is gone: it was', TYPING, {}, 'TakeAsTyped'],
    ['it stands in the box', TYPED, { pane: pane(`${markOf(TYPED)}] hello`) }, 'Enter'],
    ['Enter was just pressed', ENTERED, { pane: pane(`${markOf(TYPED)}] hello`) }, 'Wait Confirming'],
    ['it was pressed and overlooked', ENTERED, { pane: pane(`${markOf(TYPED)}] hello`), now: NOW + 600 }, 'Enter'],
    [
      'a dialog has opened meanwhile',
      TYPED,
      { pane: pane(markOf(TYPED), { screen: ['Allow this?', `> ${markOf(TYPED)}`] }) },
      'Wait Permission',
    ],
    ['it has left the box', ENTERED, {}, 'Left'],
    [
      'it was recorded',
      ENTERED,
      { reading: reading({ turns: { prompts: [taken('[msg 0a1b2c3d] hello')] } }) },
      'Confirm',
    ],
    ['nothing was recorded for long', { ...ENTERED, leftAt: NOW - 91_000 }, {}, 'Unconfirmed NoRecord'],
  ];
  test.each(begun)('%s', (_, mail, input, wanted) => {
    expect(shown(step({ mails: [mail], ...input }))).toBe(wanted);
  });
});

describe('a request in the middle of which the controller was killed', () => {
  const cut: Mail = { ...TYPING, typedAt: NOW - 21_000 };
  const delivery = { method: 'Http', recordedWithinSeconds: 20 } as const;

  test.each<[string, Mail, Partial<MailboxInput>, string]>([
    ['is begun anew once it would be on record', cut, {}, 'PutBack NotRecorded'],
    ['by an agent that works as well', cut, { reading: reading({ state: 'Busy' }) }, 'PutBack NotRecorded'],
    ['and not before', { ...cut, typedAt: NOW - 19_000 }, {}, 'Wait Confirming'],
    ['nor while the agent cannot be read', cut, { reading: reading({ state: 'Unknown' }) }, 'Wait Confirming'],
    ['nor where it was answered', { ...cut, state: 'Typed' }, {}, 'Wait Confirming'],
    ['nor where nothing is recorded', cut, { recordsPrompts: false }, 'Unconfirmed UnknownDelivery'],
    ['nor where the class does not say so', cut, { delivery: { method: 'Http' } }, 'Wait Confirming'],
  ])('%s', (_, mail, input, wanted) => {
    expect(shown(step({ mails: [mail], delivery, ...input }))).toBe(wanted);
  });

  test('is delivered where it is on record', () => {
    const turns = { prompts: [taken('[msg 0a1b2c3d] hello')] };
    expect(step({ mails: [cut], delivery, reading: reading({ turns }) }).type).toBe('Confirm');
  });
});

describe('what was typed to a run that has ended', () => {
  const next = { run: `${NOW}-2` };
  const input = { mails: [TYPED], pane: pane('', next), reading: reading(next) };

  test('is proved by the records of that run', () => {
    const turns = { prompts: [], earlier: [taken('[msg 0a1b2c3d] hello')] };
    expect(step({ ...input, reading: reading({ ...next, turns }) }).type).toBe('Confirm');
  });

  test('waits until the next run can be read', () => {
    expect(shown(step({ ...input, reading: reading({ ...next, state: 'Starting' }) }))).toBe('Wait Starting');
  });

  test.each([
    ['Crash', true],
    ['Clean', true],
    ['Auth', false],
    ['Limit', false],
    ['Ended', false],
    ['Removed', false],
  ] as const)('[S92] is for the next one to get; an end of kind %s is a failed try: %s', (kind, failed) => {
    const got = step({ ...input, lastExit: { run: RUN, kind } });
    expect(got).toEqual({ type: 'PutBack', id: TYPED.id, failed, reason: 'AgentEnded' });
  });
});

test('[S91] three tries, a second and five more apart, then a dead letter', () => {
  const why = { reason: 'CommandFailed' };
  const once = apply.failed(QUEUED, NOW, why);
  expect(once).toMatchObject({ state: 'Queued', tries: 1, nextTryAt: NOW + 1000 });
  expect(step({ mails: [once] })).toMatchObject({ type: 'Wait', forMs: 1000 });
  const twice = apply.failed(once, NOW, why);
  expect(twice).toMatchObject({ state: 'Queued', tries: 2, nextTryAt: NOW + 5000 });
  expect(apply.failed(twice, NOW, why)).toMatchObject({ state: 'DeadLetter', tries: 3, reason: 'CommandFailed' });
});
