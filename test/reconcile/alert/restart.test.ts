import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertRecord } from '../../../controller/api/alerting.ts';
import type { AlertSpec, Event } from '../../../controller/api/generated/all.ts';
import type { Delivery } from '../../../controller/api/notification.ts';
import { afterTry, beginAlert, hearEvent, nextStep } from '../../../controller/reconcile/alert/decide.ts';
import { ledgerOf, missedEvents } from '../../../controller/reconcile/alert/intake.ts';
import { MAX_ENTRIES, waitingOf } from '../../../controller/reconcile/alert/ledger.ts';
import { policyOf } from '../../../controller/reconcile/alert/policy.ts';
import { eventOf, SENDER, specOf, T0 } from './support.ts';

// A controller that hears, writes, tells and is killed at any moment; and receivers that take, fail or refuse.

type Step =
  | { readonly type: 'Event'; readonly subject: number; readonly reason: string }
  | { readonly type: 'Wait'; readonly ms: number }
  | { readonly type: 'Write' }
  | {
      readonly type: 'Try';
      readonly outcome: 'Delivered' | 'Failed' | 'Refused';
      readonly killed: 'Before' | 'After' | 'No';
    }
  | { readonly type: 'Kill' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('Event' as const),
      subject: fc.nat(6),
      reason: fc.constantFrom('AgentFailed', 'Completed', 'TeamWaits'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('Wait' as const), ms: fc.integer({ min: 1, max: 400_000 }) }) },
  { weight: 2, arbitrary: fc.constant({ type: 'Write' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('Try' as const),
      outcome: fc.constantFrom('Delivered' as const, 'Delivered' as const, 'Failed' as const, 'Refused' as const),
      killed: fc.constantFrom('No' as const, 'No' as const, 'No' as const, 'Before' as const, 'After' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'Kill' as const }) },
);

const spec = specOf({
  on: [{ reasons: ['AgentFailed', 'Completed'] }],
  group: { wait: '30s', interval: '1m', repeat: '10m' },
  limit: { count: 3, per: '10m' },
});

class World {
  now = T0;
  readonly log: Event[] = [];
  written: AlertRecord;
  record: AlertRecord;
  /** What arrived, by id. */
  readonly arrived = new Map<string, { readonly events: number; readonly text: string; readonly at: number }>();
  readonly composed: number[] = [];
  readonly known = new Set<string>();

  readonly wanted: AlertSpec;

  constructor(wanted: AlertSpec) {
    this.wanted = wanted;
    this.record = beginAlert(undefined, { uid: SENDER.uid, spec: wanted, now: this.now });
    this.written = this.record;
  }

  get ledger() {
    return ledgerOf(this.record, SENDER.receiver);
  }

  event(subject: number, reason: string): void {
    // No two of them in the same millisecond: an event that is the same again is counted by the log.
    this.now += 1;
    const name = `p${subject}`;
    const event = eventOf({
      metadata: { name: `${name}.${this.log.length}` },
      reason,
      involvedObject: { kind: 'Project', name },
      at: this.now,
    });
    this.log.push(event);
    this.hear(event);
  }

  hear(event: Event): void {
    this.record = hearEvent(this.record, event, { alert: SENDER.alert, spec: this.wanted, labelsOf: () => ({}) });
  }

  write(): void {
    this.written = JSON.parse(JSON.stringify(this.record)) as AlertRecord;
  }

  kill(): void {
    this.record = beginAlert(this.written, { uid: SENDER.uid, spec: this.wanted, now: this.now });
    for (const event of missedEvents(this.record, this.log, this.now)) this.hear(event);
  }

  try(outcome: 'Delivered' | 'Failed' | 'Refused', killed: 'Before' | 'After' | 'No'): void {
    const turn = { spec: this.wanted, sender: SENDER, now: this.now, hurry: false };
    const next = nextStep(this.record, turn);
    if (next.type !== 'Try') return;
    const { notification, events } = next.sending;
    if (!this.known.has(notification.id)) {
      this.known.add(notification.id);
      this.composed.push(this.now);
    }
    this.record = next.record;
    this.write();
    if (killed === 'Before') return this.kill();
    if (outcome === 'Delivered') {
      const before = this.arrived.get(notification.id);
      if (before !== undefined) expect(before.text).toBe(notification.text);
      this.arrived.set(notification.id, { events, text: notification.text, at: this.now });
    }
    if (killed === 'After') return this.kill();
    const delivery: Delivery =
      outcome === 'Delivered'
        ? { type: 'Delivered' }
        : { type: 'Failed', message: 'no', permanent: outcome === 'Refused' };
    const tried = afterTry(this.record, { receiver: SENDER.receiver, delivery }, { now: this.now, chance: 0.5 });
    this.record = tried.record;
    this.write();
  }

  take(one: Step): void {
    switch (one.type) {
      case 'Event':
        return this.event(one.subject, one.reason);
      case 'Wait':
        this.now += one.ms;
        return;
      case 'Write':
        return this.write();
      case 'Try':
        return this.try(one.outcome, one.killed);
      case 'Kill':
        return this.kill();
    }
  }

  /** All that is left is tried until nothing is. */
  drain(): void {
    for (let round = 0; round < 500 && waitingOf(this.ledger) > 0; round += 1) {
      this.now += 60_000;
      this.try('Delivered', 'No');
    }
  }
}

function wantedOf({ log }: World): number {
  return log.filter(({ reason }) => reason !== 'TeamWaits').length;
}

function arrivedIn({ arrived }: World): number {
  return [...arrived.values()].reduce((sum, { events }) => sum + events, 0);
}

test('each event that is wanted arrives once, or counts as dropped, whenever the controller is killed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const world = new World(spec);
      for (const one of steps) world.take(one);
      world.drain();
      expect(waitingOf(world.ledger)).toBe(0);
      // What had arrived when the controller was killed may be refused when it comes again: it counts as both.
      expect(arrivedIn(world) + world.ledger.dropped).toBeGreaterThanOrEqual(wantedOf(world));
      expect(arrivedIn(world)).toBeLessThanOrEqual(wantedOf(world));
    }),
    { numRuns: 300 },
  );
});

test('within the time of the limit nobody is told more often than it says', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const world = new World(spec);
      for (const one of steps) world.take(one);
      world.drain();
      const { limit, limitMs } = policyOf(spec);
      for (const [index, at] of world.composed.entries()) {
        const within = world.composed.slice(index).filter((other) => other - at < limitMs);
        expect(within.length).toBeLessThanOrEqual(limit);
      }
    }),
    { numRuns: 300 },
  );
});

test('whatever happens, what is remembered stays within its bounds', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { minLength: 300, maxLength: 600 }), (subjects) => {
      const world = new World(spec);
      for (const subject of subjects) world.event(subject, 'AgentFailed');
      expect(Object.keys(world.ledger.entries).length).toBeLessThanOrEqual(MAX_ENTRIES);
      expect(waitingOf(world.ledger)).toBe(subjects.length);
      world.drain();
      expect(arrivedIn(world)).toBe(subjects.length);
      for (const { text } of world.arrived.values()) expect(text.length).toBeLessThan(20_000);
    }),
    { numRuns: 20 },
  );
});
