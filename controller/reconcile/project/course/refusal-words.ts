import type { ProjectInput } from '../../../api/decision.ts';
import type { ProjectStatus, RunStatus } from '../../../api/generated/all.ts';
import { agentUid } from '../../../api/metadata.ts';
import type { Word } from '../../../api/word.ts';
import { roundLook } from './verify.ts';

/** What was not said by then is not news any more, in milliseconds. */
const NEWS_MS = 600_000;
/** Lines of the log that stand in the message. */
const TAIL = 30;

/** Whoever is to put something right is told once a round what was refused. */
export function refusalWords(run: RunStatus | undefined, input: ProjectInput): readonly Word[] {
  const { meta, now, previous } = input;
  const { refused } = run ?? {};
  if (run === undefined || refused === undefined || run.stage !== 'Active') return [];
  const occasion = Date.parse(refused.at);
  if (now - occasion > NEWS_MS) return [];
  const text = refused.reason === 'VerificationFailed' ? refusalText(run, input) : conflictText(run, input, previous);
  return refused.told.map((agent) => ({
    project: meta.name,
    projectUid: meta.uid,
    agent,
    uid: agentUid(meta.uid, agent),
    topic: 'refused',
    occasion,
    text,
    manner: { dedupeKey: '@refused' },
  }));
}

function refusalText(run: RunStatus, { observed, previous, desired }: ProjectInput): string {
  const look = roundLook(run, observed.finish);
  const { command = 'a command', message = '', log } = look?.verification ?? previous?.verification ?? {};
  const tail = (look?.tail ?? []).slice(-TAIL);
  const rounds = desired.type === 'Present' ? (desired.project.verification?.rounds ?? 0) : 0;
  const left = rounds - (run.rounds?.refusals ?? 0);
  return [
    `The work was said to be done, and is not accepted: \`${command}\` failed in a clean checkout of the result (${message}).`,
    ...(tail.length === 0 ? [] : ['The end of what it printed:', '', ...tail.map((line) => `    ${line}`), '']),
    ...(log === undefined ? [] : [`All of it: ${log}`]),
    `Put it right, commit, and report done again. After ${left === 0 ? 'the next refusal' : `${left + 1} more refusals`} the project has failed.`,
  ].join('\n');
}

function conflictText(run: RunStatus, { observed }: ProjectInput, previous: ProjectStatus | undefined): string {
  const {
    agent,
    branch,
    files = [],
    merged = [],
  } = roundLook(run, observed.finish)?.integration ?? previous?.integration ?? {};
  return [
    `The agents' branches cannot be put together: that of ${agent ?? 'one agent'} conflicts with what is merged already (${merged.join(', ') || 'the base'}).`,
    ...(files.length === 0 ? [] : ['Files in conflict:', ...files.map((file) => `    ${file}`)]),
    `Nothing was changed by the attempt. See to it that the conflict is resolved in the branch of ${agent ?? 'that agent'} (merge ${branch ?? 'the integration branch'} into it, or change what is in the way), commit, and report done again.`,
  ].join('\n');
}
