/**
 * Queues and dependencies as the controller runs them: a book of what each project asks for, a worker that decides about
 * one queue at a time, and the answer to whether a project may run. Looks at nothing but the machine; does nothing but
 * write down who has a slot.
 */
import type { Admission } from '../../api/admission.ts';
import type { ProjectStatus, QueueStatus } from '../../api/generated/all.ts';
import { type Key, keyOf, kindOf, nameOf, ofKind } from '../../api/key.ts';
import type { StoredObject } from '../../api/metadata.ts';
import { nearestName } from '../../api/nearest-name.ts';
import type { Ground, MachineLook, ProjectOutcome, QueueDecision, QueueInput } from '../../api/queueing.ts';
import type { Worker } from '../controller.ts';
import type { Clock, SpecSource, StateStore } from '../ports.ts';
import type { SeenProject } from '../project-worker.ts';
import { createAdmission } from './admission.ts';
import { type BookEntry, createBook, matters } from './book.ts';
import { createExpected } from './expected.ts';
import { createLines } from './lines.ts';
import { createQueueWorker, type QueueHooks, type StoredQueue } from './queue-worker.ts';
import { createSynced } from './synced.ts';

/** The pure decisions. */
export interface QueueMind {
  decide(input: QueueInput): QueueDecision;
  unmet(
    project: string,
    dependencies: {
      dependsOn(project: string): readonly string[] | undefined;
      result(project: string): ProjectOutcome['result'];
      names(): readonly string[];
    },
  ): Ground | undefined;
  outcome(status: ProjectStatus): ProjectOutcome;
}

/** It was decided about, or others are to be, and nothing has happened to it. `atLeisure`: it only says something new. */
export type QueueHint = (key: Key, atLeisure?: boolean) => void;

export interface QueuesOptions {
  readonly clock: Clock;
  readonly specs: Pick<SpecSource, 'desiredProject' | 'project' | 'queue' | 'keys' | 'arrival'>;
  readonly state: Pick<StateStore, 'object' | 'putObject' | 'removeObject' | 'recordEvent' | 'keys'>;
  readonly mind: QueueMind;
  readonly machine: () => Promise<MachineLook>;
  readonly newUid: () => string;
  readonly hint: QueueHint;
  readonly hooks: QueueHooks;
}

export interface Queues {
  readonly worker: Worker;
  readonly admission: (project: string) => Admission;
  /** Whether the object is a project that neither holds anything that others wait for nor waits for it itself. */
  isPatient(key: Key): boolean;
  /** Specs were read that were not there before, or otherwise. */
  declared(keys: readonly Key[]): void;
  seen(project: SeenProject): void;
  forgotten(key: Key, uid: string): void;
  /** Nobody can say anything of it: a bug in its walk. Others do not wait for it. */
  crashed(key: Key): void;
  close(): void;
}

export function createQueues(options: QueuesOptions): Queues {
  const { clock, specs, state, mind, machine, newUid, hint, hooks } = options;
  const { now } = clock;
  const objectOf = (project: string) => state.object(keyOf('Project', project));
  const readQueue = (key: Key) => state.object(key) as unknown as StoredObject<QueueStatus> | undefined;
  const hintProject = (project: string): void => {
    hint(keyOf('Project', project));
  };

  const book = createBook({
    now,
    created(project) {
      const { creationTimestamp = '', creationOrder = 0 } = objectOf(project)?.metadata ?? {};
      return { createdAt: Date.parse(creationTimestamp) || now(), order: creationOrder };
    },
    outcome: mind.outcome,
    spec: (project) => specs.project(project)?.spec,
  });
  const synced = createSynced({
    projects: () => projectsOf([...specs.keys(), ...state.keys()]),
    exists: (project) => specs.project(project) !== undefined || objectOf(project) !== undefined,
    onAll: () => {
      for (const name of queueNames()) hint(keyOf('Queue', name));
    },
  });
  const expected = createExpected({
    now,
    spec: (project) => specs.project(project)?.spec,
    arrival: (project) => specs.arrival(keyOf('Project', project)),
    isKnown: (project) => objectOf(project) !== undefined || book.find(project) !== undefined,
  });
  const lines = createLines(clock, (project) => {
    hint(keyOf('Project', project), true);
  });

  const dependencies = {
    dependsOn: (project: string) => {
      const spec = specs.project(project)?.spec;
      return spec === undefined && objectOf(project) === undefined ? undefined : (spec?.dependsOn ?? []);
    },
    result: (project: string) => {
      const status = objectOf(project)?.status;
      return status === undefined ? undefined : mind.outcome(status).result;
    },
    names: () => projectsOf(specs.keys()),
  };
  const unmet = (project: string): Ground | undefined => mind.unmet(project, dependencies);

  function queueNames(): string[] {
    const keys = ofKind('Queue', [...specs.keys(), ...state.keys()]);
    return [...new Set(keys)].map(nameOf);
  }

  function unknownQueue(name: string): string {
    const known = queueNames().filter((queue) => specs.queue(queue) !== undefined);
    if (known.length === 0) return `there is no queue ${name}, nor any other`;
    const near = nearestName(name, known);
    const meant = near === undefined ? '' : `; ${near} was meant, perhaps`;
    return `there is no queue ${name}, only ${known.sort().join(', ')}${meant}`;
  }

  /** Every queue for whose decision the project counts, or counted. */
  function hintQueues(...entries: readonly (BookEntry | undefined)[]): void {
    const known = entries.filter((entry) => entry !== undefined);
    const names = known.some(({ adrift }) => adrift)
      ? queueNames()
      : known.flatMap(({ queue }) => (queue === undefined ? [] : [queue]));
    for (const name of new Set(names)) hint(keyOf('Queue', name));
  }

  /** Those that depend on it may begin now, or may not any more. */
  function hintDependents(project: string): void {
    for (const dependent of book.dependents(project)) {
      const { queue } = book.find(dependent) ?? {};
      if (queue === undefined) hintProject(dependent);
      else hint(keyOf('Queue', queue));
    }
  }

  const worker = createQueueWorker({
    queue: specs.queue,
    records: {
      read: readQueue,
      write: (key, object: StoredQueue) => {
        state.putObject(key, object as unknown as StoredObject);
      },
      remove: state.removeObject,
      event: state.recordEvent,
    },
    uidOf: (project) => objectOf(project)?.metadata.uid,
    book,
    lines,
    synced,
    expected,
    unmet,
    machine,
    decide: mind.decide,
    now,
    newUid,
    hint: hintProject,
    hooks,
  });
  const admission = createAdmission({
    specs,
    object: state.object,
    status: (queue) => readQueue(keyOf('Queue', queue))?.status,
    book,
    lines,
    unmet,
    unknownQueue,
  });

  return {
    worker,
    admission,
    isPatient: (key) => kindOf(key) === 'Project' && book.find(nameOf(key))?.entry.claim === 'None',
    declared: expected.declared,
    seen(project) {
      const name = nameOf(project.key);
      const isAtRest = project.status === project.previous && isOutside(book.find(name), project.uid);
      const before = isAtRest ? book.find(name) : book.seen(project);
      const after = book.find(name);
      synced.looked(name);
      expected.met(name);
      if (after === undefined) return;
      if (matters(after, before)) hintQueues(before, after);
      if (before?.entry.outcome.result !== after.entry.outcome.result || before === undefined) hintDependents(name);
    },
    forgotten(key, uid) {
      const before = book.forget(nameOf(key), uid);
      hintQueues(before);
      hintDependents(nameOf(key));
    },
    crashed(key) {
      if (kindOf(key) !== 'Project') return;
      synced.looked(nameOf(key));
      expected.met(nameOf(key));
      const { queue } = specs.project(nameOf(key))?.spec ?? {};
      if (queue !== undefined) hint(keyOf('Queue', queue));
    },
    close: lines.close,
  };
}

/** It stands in no line, so that nothing is noted of it but what its own decisions say. */
function isOutside(known: BookEntry | undefined, uid: string): boolean {
  return known?.entry.uid === uid && known.queue === undefined && !known.adrift;
}

function projectsOf(keys: readonly Key[]): string[] {
  return ofKind('Project', [...new Set(keys)]).map(nameOf);
}
