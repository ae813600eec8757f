import type { EventNote, ProjectInput } from '../../api/decision.ts';
import type { GitStatus, RunStatus } from '../../api/generated/all.ts';
import { agentUid } from '../../api/metadata.ts';
import { remindAfterOf, reminderDueAt } from '../../api/reminding.ts';
import type { Word } from '../../api/word.ts';
import type { AgentPlan } from './agent-plan.ts';
import { gitStatus } from './git-facts.ts';

/** What is said of an agent's work tree, and to the agent about it. */
export interface Reminding {
  readonly git?: GitStatus;
  readonly words: readonly Word[];
  readonly events: readonly EventNote[];
  readonly dueInMs?: number;
}

/** Until the work tree was looked at again, in milliseconds. */
const AGAIN_MS = 1000;
/** The reminder is on record before it is said; who comes after a crash says the same one, which may be known already. */
const SAY_AGAIN_MS = 300_000;

/**
 * Whoever leaves work uncommitted is reminded once. Of several that work in one directory the first is told: it is one
 * heap of work, and none can tell whose. By the agents' names.
 */
export function planReminders(
  plans: readonly AgentPlan[],
  input: ProjectInput,
  run: RunStatus | undefined,
): ReadonlyMap<string, Reminding> {
  const heaps = plans.flatMap((plan): Heap[] => {
    const git = gitStatus(plan.view, input, run);
    return git === undefined ? [] : [{ plan, git }];
  });
  const told = new Set(heaps.flatMap(({ plan, git }) => (git.remindedAt === undefined ? [] : directoryOf(plan))));
  return new Map(
    heaps.map(({ plan, git }): [string, Reminding] => {
      const quiet = { git, words: [], events: [] };
      if (run?.stage !== 'Active' || !hears(plan)) return [plan.view.name, quiet];
      if (git.remindedAt !== undefined) return [plan.view.name, { ...quiet, words: again({ plan, git }, input) }];
      const [directory] = directoryOf(plan);
      if (directory === undefined || told.has(directory)) return [plan.view.name, quiet];
      told.add(directory);
      return [plan.view.name, remind({ plan, git }, input)];
    }),
  );
}

interface Heap {
  readonly plan: AgentPlan;
  readonly git: GitStatus;
}

function directoryOf({ view: { desired } }: AgentPlan): readonly string[] {
  return desired === undefined ? [] : [desired.workingDir];
}

/** It runs, and can be told something. */
function hears({ view: { desired, life }, next }: AgentPlan): boolean {
  return next.type === 'Keep' && life.type === 'Running' && desired?.program.delivery !== undefined;
}

function again({ plan, git }: Heap, input: ProjectInput): readonly Word[] {
  const since = input.now - Date.parse(git.remindedAt ?? '');
  return since < SAY_AGAIN_MS ? [wordOf(plan.view.name, git, input)] : [];
}

function remind({ plan, git }: Heap, input: ProjectInput): Reminding {
  const quiet = { git, words: [], events: [] };
  const { desired, observed, now } = input;
  const { name, desired: agent } = plan.view;
  if (desired.type !== 'Present' || agent === undefined) return quiet;
  const dueAt = reminderDueAt(git, remindAfterOf(desired.project, agent));
  const look = observed.git?.get(name);
  if (dueAt === undefined || look?.state !== 'Known') return quiet;
  if (now < dueAt) return { ...quiet, dueInMs: dueAt - now };
  // What was seen before may have been committed since.
  if (look.at < dueAt) return { ...quiet, dueInMs: AGAIN_MS };
  const message = `agent ${name} is reminded that ${lies(git, now)}`;
  return {
    git: { ...git, remindedAt: new Date(now).toISOString() },
    words: [wordOf(name, git, input)],
    events: [{ type: 'Normal', reason: 'UncommittedWork', message, agent: name }],
  };
}

function wordOf(agent: string, git: GitStatus, { meta, now }: ProjectInput): Word {
  const advice = 'Commit what belongs to your task, and list in .gitignore what is not to be kept';
  const text = `In your working directory ${lies(git, now)}. ${advice}. If that is done by now, go on.`;
  return {
    project: meta.name,
    projectUid: meta.uid,
    agent,
    uid: agentUid(meta.uid, agent),
    topic: 'uncommitted',
    occasion: Date.parse(git.dirtySince ?? ''),
    text,
    manner: { dedupeKey: '@uncommitted' },
  };
}

function lies({ changed = 0, untracked = 0, dirtySince = '', operation }: GitStatus, now: number): string {
  const minutes = Math.round((now - Date.parse(dirtySince)) / 60_000);
  const time = minutes < 2 ? `${Math.round((now - Date.parse(dirtySince)) / 1000)} seconds` : `${minutes} minutes`;
  const under = operation === undefined ? '' : `, in the middle of a ${operation},`;
  return `work has lain uncommitted for ${time}${under} (changed: ${changed}, not tracked: ${untracked})`;
}
