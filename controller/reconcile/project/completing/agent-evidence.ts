import type { DesiredRule } from '../../../api/completing.ts';
import type { ProjectInput } from '../../../api/decision.ts';
import { runStartedAt } from '../../../api/observed.ts';
import { matchesOf, patternOf } from '../../../api/reading/pattern.ts';
import type { CommitFact } from '../../../api/workspace.ts';
import type { AgentView } from '../agent-view.ts';
import { isOver } from '../over.ts';
import { reportOf } from '../reporting.ts';
import { runOf } from './attempt-start.ts';
import { type Evidence, missing, seen, unknown } from './evidence.ts';

export interface Question {
  readonly rule: DesiredRule;
  readonly view: AgentView;
  readonly input: ProjectInput;
  /** When the attempt began, in milliseconds since the epoch. */
  readonly since: number;
}

/** What is to be seen of a rule at one of its agents. Pure; no text on a screen comes into it but where a rule names one. */
export function agentEvidence(question: Question): Evidence {
  const { sign } = question.rule;
  switch (sign.type) {
    case 'Report':
      return reported(question);
    case 'Commits':
      return committed(question, sign);
    case 'Idle':
      return idle(question, sign.forMs);
    case 'Plan':
    case 'File':
    case 'Command':
    case 'Judge':
    case 'Screen':
      return looked(question);
  }
}

/** Of this run and this attempt: what an agent said before it was started again, it may not know any more. */
function reported({ view, input, since }: Question): Evidence {
  const report = reportOf(view.name, input);
  const run = runOf(view);
  // Of what an earlier version wrote down, the kind says it.
  const time = report?.doneAt ?? (report?.type === 'done' ? report.at : undefined);
  const at = time === undefined ? Number.NaN : Date.parse(time);
  if (Number.isNaN(at)) return missing('has not reported done');
  const isOfRun = run !== undefined && report?.run === run;
  const isOfAttempt = isOfRun && (at >= since || (runStartedAt(run) ?? 0) >= since);
  if (isOfAttempt) return seen('reported done', at);
  return missing(isOfRun ? 'reported done before this attempt' : 'reported done in an earlier run');
}

function committed(
  { view, input, since }: Question,
  { atLeast, matching }: { readonly atLeast: number; readonly matching?: string },
): Evidence {
  const { git } = input.observed;
  if (git === undefined) return unknown(UNSEEN);
  const look = git.get(view.name);
  if (look === undefined && view.desired?.workTree !== undefined) return unknown(UNSEEN);
  if (look === undefined) return missing('its directory is no work tree of git');
  if (look.state === 'Unknown') return unknown(look.message);
  // git tells whole seconds.
  const from = Math.floor(since / 1000) * 1000;
  const counted = look.value.commits.filter((commit) => commit.at >= from && isMatched(commit, matching));
  const [newest] = counted;
  const which = matching === undefined ? '' : ` that match /${matching}/`;
  const message = `${counted.length} of ${atLeast} commits${which}`;
  if (newest === undefined || counted.length < atLeast) return missing(message);
  return seen(`${message}, ${newest.hash.slice(0, 7)} the last`, Math.max(...counted.map(({ at }) => at)));
}

const UNSEEN = 'git has said nothing of its directory yet';

function isMatched({ message }: CommitFact, matching: string | undefined): boolean {
  return matching === undefined || matchesOf(patternOf(matching, 'mu'), message.slice(0, MAX_MESSAGE)).length > 0;
}

/** Of a commit's message, in characters. */
const MAX_MESSAGE = 4000;

/** Not to know what it does is not to know that it is idle. */
function idle({ view, input, since }: Question, forMs: number): Evidence {
  const { now, previous } = input;
  const ended = view.lastExit;
  if (isOver(view) && ended?.reason === 'Completed') return since_('ended well', Date.parse(ended.finishedAt));
  const { reading } = view;
  if (view.life.type !== 'Running') return missing(isOver(view) ? 'has ended, and not well' : 'does not run');
  if (reading === undefined) return unknown('nothing says what it does');
  if (reading.state === 'Unknown') return unknown('its sources contradict one another, or say nothing');
  if (reading.state !== 'Idle') return missing(`is ${reading.state}`);
  if (previous?.run?.worked?.includes(view.name) !== true) return missing('was not seen at work in this attempt yet');
  return since_('idle', Math.max(reading.at, since));

  function since_(what: string, at: number): Evidence {
    // A time that is yet to come was told before the clock was set back.
    const left = forMs - Math.max(0, now - at);
    const message = `${what} since ${new Date(at).toISOString().slice(0, 19)}Z`;
    return left <= 0 ? seen(message, at) : missing(`${message}, and asked to be for ${forMs / 1000} s`, left);
  }
}

function looked({ rule, view, input }: Question): Evidence {
  const look = input.observed.signs?.get(rule.name)?.get(view.name);
  const { type } = rule.sign;
  const isLast = type === 'Command' || type === 'Judge' || type === 'Screen';
  if (look === undefined) return unknown(isLast ? 'looked at once the other rules are met' : 'not looked at yet');
  // Nothing will ever be seen on a screen that went away with its agent.
  const isGone = type === 'Screen' && isOver(view);
  if (look.state === 'Unknown') return isGone ? missing('has ended') : unknown(look.message);
  const { met, message, at } = look.value;
  if (met) return seen(message, at);
  // It may have been the last thing that the agent did.
  const endedAt = isOver(view) ? Date.parse(view.lastExit?.finishedAt ?? '') : Number.NaN;
  return look.at < endedAt ? unknown('not looked at since it ended') : missing(message);
}
