import type { EventNote } from '../api/decision.ts';
import { formatProblem, type Problem } from '../api/problem.ts';
import type { StateStore } from '../runtime/ports.ts';
import type { Log } from './log.ts';

/** The same store, which also says each event in the log as it is recorded. */
export function tellEvents<Store extends StateStore>(state: Store, log: Log): Store {
  return {
    ...state,
    recordEvent(about, note) {
      state.recordEvent(about, note);
      tellEvent(`${about.kind.toLowerCase()}/${about.name}`, note, log);
    },
  };
}

function tellEvent(object: string, { type, reason, message }: EventNote, log: Log): void {
  const fields = { object, reason, message };
  if (type === 'Warning') log.warn('object event', fields);
  else log.info('object event', fields);
}

/** Says each problem of the specs once, and that it is gone once it is. */
export function createProblemTeller(log: Log): (problems: readonly Problem[]) => void {
  let told: ReadonlySet<string> = new Set();
  return (problems) => {
    const present = new Set(problems.map(formatProblem));
    for (const problem of present) if (!told.has(problem)) log.warn('problem in the specs', { message: problem });
    if (told.size > 0 && present.size === 0) log.info('no problems in the specs any more');
    told = present;
  };
}
