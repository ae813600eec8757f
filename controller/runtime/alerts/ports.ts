import type { AlertOutcome, AlertRecord, AlertStep, Sender } from '../../api/alerting.ts';
import type { AlertSpec, AlertStatus, Event } from '../../api/generated/all.ts';
import type { Delivery } from '../../api/notification.ts';

export type LabelsOf = (kind: string, name: string) => Readonly<Record<string, string>>;

/** The pure decisions. Times: milliseconds since the epoch. */
export interface AlertMind {
  begin(
    stored: AlertRecord | undefined,
    now: { readonly uid: string; readonly spec: AlertSpec; readonly now: number },
  ): AlertRecord;
  hear(
    record: AlertRecord,
    event: Event,
    hearing: {
      readonly alert: string;
      readonly spec: AlertSpec;
      readonly labelsOf: LabelsOf;
      readonly isNews: boolean;
    },
  ): AlertRecord;
  /** Of the events on record, those that the record does not know of yet. */
  missed(record: AlertRecord, events: readonly Event[], now: number): readonly Event[];
  next(
    record: AlertRecord,
    turn: { readonly spec: AlertSpec; readonly sender: Sender; readonly now: number; readonly hurry: boolean },
  ): AlertStep;
  after(
    record: AlertRecord,
    tried: { readonly receiver: string; readonly delivery: Delivery },
    when: { readonly now: number; readonly chance: number },
  ): AlertOutcome;
  status(input: {
    readonly spec: AlertSpec;
    readonly generation: number;
    readonly record: AlertRecord;
    readonly previous: AlertStatus | undefined;
    readonly now: number;
  }): AlertStatus;
}

/** What Alerts remember, on disk. Nothing throws: a write that fails is told and tried again by the store. */
export interface AlertRecords {
  read(name: string): AlertRecord | undefined;
  write(name: string, record: AlertRecord): void;
  remove(name: string): void;
}

/** What metrics hear of Alerts. */
export interface AlertHooks {
  onReceiver(alert: string, receiver: string, waiting: number): void;
  onTry(alert: string, receiver: string, result: 'delivered' | 'failed'): void;
  onDropped(alert: string, receiver: string, events: number): void;
  onForgotten(alert: string, receiver: string): void;
}
