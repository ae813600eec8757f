import { randomUUID } from 'node:crypto';
import { stackOf } from '../api/errors.ts';
import { type Key, keyOf } from '../api/key.ts';
import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Secrets } from '../observe/secrets.ts';
import { afterTry, beginAlert, hearEvent, nextStep } from '../reconcile/alert/decide.ts';
import { missedEvents } from '../reconcile/alert/intake.ts';
import { statusOf } from '../reconcile/alert/status.ts';
import { type Alerts, createAlerts } from '../runtime/alerts/alerts.ts';
import type { LabelsOf } from '../runtime/alerts/ports.ts';
import type { SpecSource } from '../runtime/ports.ts';
import type { FileStateStore } from '../store/state/state-store.ts';
import type { Log } from './log.ts';
import { assembleNotifier } from './notifier.ts';

export interface AlertsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: Secrets;
  readonly specs: SpecSource;
  readonly state: FileStateStore;
  readonly mayAct: () => Promise<boolean>;
  readonly isSynced: () => boolean;
  readonly hint: (key: Key) => void;
  readonly hooks: Metrics['alertHooks'];
  readonly log: Log;
}

/** The Alerts, with the pure decisions, their files, and the ways to tell somebody. */
export function assembleAlerts(options: AlertsOptions): Alerts {
  const { env, secrets, specs, state, mayAct, isSynced, hint, hooks, log } = options;
  return createAlerts({
    clock: systemClock,
    random: Math.random,
    specs,
    state,
    records: { read: state.alertRecord, write: state.putAlertRecord, remove: state.removeAlertRecord },
    events: state.events,
    mind: {
      begin: beginAlert,
      hear: hearEvent,
      missed: missedEvents,
      next: nextStep,
      after: afterTry,
      status: statusOf,
    },
    notifier: assembleNotifier(env, secrets),
    labelsOf: labelsBy(specs, state),
    mayAct,
    isSynced,
    newUid: randomUUID,
    hint,
    hooks,
    onError: (error) => {
      log.error('somebody could not be told', { error: stackOf(error) });
    },
  });
}

/** As the spec has them; of what is being removed, as they were. */
function labelsBy(specs: SpecSource, state: Pick<FileStateStore, 'object'>): LabelsOf {
  return (kind, name) => {
    const written = wantedOf(specs, kind, name)?.metadata.labels;
    if (written !== undefined) return written;
    return kind === 'Project' ? (state.object(keyOf('Project', name))?.metadata.labels ?? {}) : {};
  };
}

function wantedOf(specs: SpecSource, kind: string, name: string) {
  switch (kind) {
    case 'Project':
      return specs.project(name);
    case 'AgentClass':
      return specs.agentClass(name);
    case 'Message':
      return specs.message(name);
    case 'Queue':
      return specs.queue(name);
    case 'GitSource':
      return specs.gitSource(name);
    case 'Alert':
      return specs.alert(name);
    default:
      return undefined;
  }
}
