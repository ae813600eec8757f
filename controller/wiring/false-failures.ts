import type { Key } from '../api/key.ts';
import type { MetricsHooks } from '../metrics/hooks.ts';
import type { SeenProject } from '../runtime/project-worker.ts';
import { sizeOf } from './course-figures.ts';

export interface FalseFailures {
  seen(project: SeenProject): void;
  /** The object is gone; `isReset`: one takes its place that begins anew. */
  forgotten(key: Key, isReset: boolean): void;
}

interface Failure {
  readonly uid: string;
  /** What the result rested on. */
  readonly inputs: string | undefined;
  wasReset: boolean;
}

/**
 * Finds failed results that were wrong: somebody reset the project as it was, with nothing changed that may change the
 * outcome; and, which proves it, it was completed then. Knows what it saw: a controller that is started between the reset
 * and the rest counts nothing of it.
 */
export function createFalseFailures(onFalseFailure: MetricsHooks['courseHooks']['onFalseFailure']): FalseFailures {
  const failures = new Map<Key, Failure>();

  return {
    seen(project) {
      const { key, uid, status } = project;
      const { run } = status;
      if (run === undefined) return;
      const failure = failures.get(key);
      if (failure !== undefined && failure.uid !== uid && run.inputs !== undefined) {
        if (run.inputs !== failure.inputs) failures.delete(key);
        else {
          if (!failure.wasReset) onFalseFailure(sizeOf(project), 'Reset');
          failure.wasReset = true;
        }
      }
      if (run.stage !== 'Finished') return;
      if (run.result === 'Completed') {
        if (failures.get(key)?.wasReset === true) onFalseFailure(sizeOf(project), 'Completed');
        failures.delete(key);
      } else failures.set(key, { uid, inputs: run.inputs, wasReset: false });
    },
    forgotten(key, isReset) {
      if (!isReset) failures.delete(key);
    },
  };
}
