import { type Admission, NOT_QUEUED } from '../../api/admission.ts';
import type { DesiredCourse } from '../../api/desired.ts';
import type { ProjectStatus, Queue, QueueStatus, Slot } from '../../api/generated/all.ts';
import { keyOf } from '../../api/key.ts';
import type { Ground } from '../../api/queueing.ts';
import type { SpecSource, StateStore } from '../ports.ts';
import type { Book } from './book.ts';
import type { Lines } from './lines.ts';

export interface AdmissionOptions {
  readonly specs: Pick<SpecSource, 'desiredProject' | 'queue' | 'keys'>;
  readonly object: StateStore['object'];
  /** What is on record of a queue. */
  readonly status: (queue: string) => QueueStatus | undefined;
  readonly book: Book;
  readonly lines: Lines;
  readonly unmet: (project: string) => Ground | undefined;
  readonly unknownQueue: (queue: string) => string;
}

/** Whether a project may run. What is on record of its queue says so, and nothing else. */
export function createAdmission(options: AdmissionOptions): (project: string) => Admission {
  const { specs, book, lines } = options;

  function admission(project: string): Admission {
    const desired = specs.desiredProject(project);
    if (desired.type !== 'Present') return NOT_QUEUED;
    const { course } = desired.project;
    return course.queue === undefined ? byDependencies(project, course) : byQueue(project, course.queue);
  }

  /** What has begun is not stopped by those that it depended on. */
  function byDependencies(project: string, { dependsOn }: DesiredCourse): Admission {
    if (dependsOn.length === 0) return NOT_QUEUED;
    const unmet = hasBegun(options.object(keyOf('Project', project))?.status) ? undefined : options.unmet(project);
    if (unmet !== undefined) return { type: 'Waiting', ...unmet };
    return { type: 'Admitted', reason: 'Admitted', message: 'what it depends on is completed' };
  }

  function byQueue(project: string, name: string): Admission {
    const queue = specs.queue(name);
    if (queue === undefined) {
      return { type: 'Waiting', reason: 'UnknownQueue', message: options.unknownQueue(name) };
    }
    const slot = slotOf(project, name);
    return slot === undefined ? waiting(project, name) : withSlot(slot, queue);
  }

  function slotOf(project: string, queue: string): Slot | undefined {
    const uid = options.object(keyOf('Project', project))?.metadata.uid;
    return options.status(queue)?.admitted.find((slot) => slot.uid === uid);
  }

  function waiting(project: string, queue: string): Admission {
    const place = lines.placeOf(queue, project);
    if (place !== undefined) {
      const message = `place ${place.place} of ${place.of} in queue ${queue}: ${place.waiting.message}`;
      return { type: 'Waiting', reason: place.waiting.reason, message };
    }
    const claim = book.find(project)?.entry.claim;
    if (claim === 'None')
      return { type: 'Waiting', reason: 'NotInLine', message: `it asks queue ${queue} for no slot` };
    if (claim === 'Leaves') {
      const message = `what is left of its last run is ended before it asks queue ${queue} for a slot`;
      return { type: 'Waiting', reason: 'NotInLine', message };
    }
    const message = `it has no place in queue ${queue} yet; ${lines.length(queue)} wait`;
    return { type: 'Waiting', reason: 'NotLooked', message };
  }

  return (project) => {
    const told = admission(project);
    book.asked(project, told.type);
    return told;
  };
}

function withSlot({ since, trial }: Slot, { metadata, spec }: Queue): Admission {
  if (spec.drain === true) {
    return { type: 'Withdrawn', reason: 'Drained', message: `queue ${metadata.name} drains (spec.drain)` };
  }
  const as = trial === true ? ', as the trial of its circuit breaker' : '';
  const message = `it has a slot of queue ${metadata.name} since ${since}${as}`;
  return { type: 'Admitted', reason: 'Admitted', message };
}

function hasBegun(status: ProjectStatus | undefined): boolean {
  if (status === undefined) return false;
  const admitted = status.conditions.find(({ type }) => type === 'Admitted');
  return admitted?.status === 'True' || status.agents.some(({ pid }) => pid !== undefined);
}
