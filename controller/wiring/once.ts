import type { Key } from '../api/key.ts';
import type { StoredObject } from '../api/metadata.ts';
import type { Reason } from '../api/reasons.ts';
import type { Controller } from '../runtime/controller.ts';
import type { Clock, SpecSource, StateStore } from '../runtime/ports.ts';

export interface OnceOptions {
  readonly specs: SpecSource;
  readonly state: StateStore;
  readonly controller: Controller;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

const LOOK_MS = 50;

/** Waits until every object is good, or some will not be without a person; true if all are Ready or Complete. */
export async function untilConverged(options: OnceOptions, signal: AbortSignal): Promise<boolean> {
  const { specs, state, controller, clock, timeoutMs } = options;
  const until = clock.now() + timeoutMs;
  for (;;) {
    const keys = [...new Set([...specs.keys(), ...state.keys()])].filter((key) => key.startsWith('project/'));
    const sources = specs.keys().filter((key) => key.startsWith('gitsource/'));
    const standings = controller.isSynced()
      ? [
          ...sources.map((key) => sourceStanding(state.object(key))),
          ...keys.map((key) => standingOf(key, state.object(key))),
        ]
      : ['Underway'];
    if (standings.every((standing) => standing !== 'Underway')) {
      return standings.every((standing) => standing === 'Good') && specs.problems().every(isHarmless);
    }
    if (signal.aborted || clock.now() >= until) return false;
    await new Promise<void>((resolve) => {
      clock.after(LOOK_MS, resolve);
    });
  }
}

function isHarmless({ severity }: { readonly severity: string }): boolean {
  return severity !== 'Error';
}

function sourceStanding(object: StoredObject | undefined): 'Good' | 'Bad' | 'Underway' {
  const { metadata, status } = object ?? {};
  const ready = status?.conditions.find(({ type }) => type === 'Ready');
  if (ready === undefined || ready.status === 'Unknown' || metadata?.generation !== status?.observedGeneration) {
    return 'Underway';
  }
  // Of the look before this controller's start it says nothing; that comes with the first one.
  const isLooking = status?.conditions.some(({ type, status: is }) => type === 'Reconciling' && is === 'True');
  if (isLooking === true || ready.reason === 'DependencyPending') return 'Underway';
  return ready.status === 'True' ? 'Good' : 'Bad';
}

function standingOf(_key: Key, object: StoredObject | undefined): 'Good' | 'Bad' | 'Underway' {
  if (object === undefined || object.metadata.generation !== object.status.observedGeneration) return 'Underway';
  const is = (type: string): boolean =>
    object.status.conditions.some((condition) => condition.type === type && condition.status === 'True');
  if (is('Ready') || is('Complete')) return 'Good';
  if (standsStill(object)) return 'Bad';
  const looping = object.status.agents.some((agent) => agent.state === 'CrashLoopBackOff');
  return is('Stalled') || looping || object.status.phase === 'Failed' ? 'Bad' : 'Underway';
}

/** A person keeps it from running, and what that asks for is done. */
function standsStill({ status }: StoredObject): boolean {
  const of = (type: string) => status.conditions.find((condition) => condition.type === type);
  const { status: is, reason } = of('Admitted') ?? {};
  return is === 'False' && KEPT_BY_A_PERSON.includes(reason ?? '') && of('Reconciling')?.status === 'False';
}

const KEPT_BY_A_PERSON: readonly string[] = ['Suspended', 'Held', 'QueuePaused', 'QueueDrains'] satisfies Reason[];
