import { dirname } from 'node:path';
import type { EventNote } from '../api/decision.ts';
import type { StateProblem } from '../store/state/state-problem.ts';
import type { Log } from './log.ts';

export interface StateProblemsOptions {
  readonly log: Log;
  /** Told of each problem, and with it whether everything can be written at present. */
  readonly onProblem: (type: StateProblem['type'], isWritable: boolean) => void;
}

/** What is wrong with the state directory, told in the log, as events and to the metrics. */
export interface StateProblems {
  take(problem: StateProblem): void;
  /** Where events go. Those before are kept until then: a store tells of its files while it is being made. */
  recordWith(record: (note: EventNote) => void): void;
  /** Folders in which a write failed, until it succeeds. */
  unwritable(): readonly string[];
}

export function createStateProblems({ log, onProblem }: StateProblemsOptions): StateProblems {
  const folders = new Set<string>();
  const early: EventNote[] = [];
  let record = (note: EventNote): void => void early.push(note);

  return {
    take(problem) {
      if (problem.type === 'WriteFailed') folders.add(dirname(problem.path));
      if (problem.type === 'WriteHealed') folders.delete(problem.folder);
      const { type, ...fields } = problem;
      log.warn('state directory', { reason: type, ...fields });
      onProblem(type, folders.size === 0);
      record(noteOf(problem));
    },
    recordWith(next) {
      record = next;
      for (const note of early.splice(0)) record(note);
    },
    unwritable: () => [...folders],
  };
}

function noteOf(problem: StateProblem): EventNote {
  switch (problem.type) {
    case 'WriteFailed': {
      const message = `${problem.path} cannot be written (${problem.code}); agents are kept, and it is tried again`;
      return { type: 'Warning', reason: 'StateUnwritable', message };
    }
    case 'WriteHealed':
      return { type: 'Normal', reason: 'StateWritable', message: `everything in ${problem.folder} is written again` };
    case 'Unreadable':
      return { type: 'Warning', reason: 'StateUnreadable', message: `${problem.path}: ${problem.message}` };
    case 'Corrupt': {
      const moved = problem.movedTo === undefined ? '' : `; it was moved to ${problem.movedTo}`;
      return { type: 'Warning', reason: 'StateRebuilt', message: `${problem.path}: ${problem.message}${moved}` };
    }
    case 'FieldsDropped': {
      const message = `${problem.path}: malformed fields were left out: ${problem.fields.join(', ')}`;
      return { type: 'Warning', reason: 'StateRebuilt', message };
    }
    case 'LinesDropped': {
      const message = `${problem.path}: ${problem.count} malformed lines were left out`;
      return { type: 'Warning', reason: 'StateRebuilt', message };
    }
  }
}
