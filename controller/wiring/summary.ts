import type { AgentClassStatus, AgentStatus } from '../api/generated/all.ts';
import type { Key } from '../api/key.ts';
import { kindOf, nameOf } from '../api/key.ts';
import type { Summary } from '../metrics/hooks.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { Controller } from '../runtime/controller.ts';
import type { SpecSource, StateStore } from '../runtime/ports.ts';
import type { Health } from '../server/health.ts';

export interface Standing {
  readonly queue: WorkQueue<Key>;
  readonly state: StateStore;
  readonly specs: SpecSource;
  readonly controller: Controller;
  readonly mailboxDepth: () => number;
  readonly isLeader: () => boolean;
  /** Folders of the state directory in which a write failed, until it succeeds. */
  readonly unwritable: () => readonly string[];
  readonly startedAt: number;
  readonly now: () => number;
}

/** How things stand, for a scrape. */
export function summaryOf({ queue, state, specs, controller, mailboxDepth, startedAt, now }: Standing): Summary {
  const { depth, unfinishedMs, longestMs } = queue.figures();
  const objects = state
    .keys()
    .filter(isProject)
    .flatMap((key) => {
      const object = state.object(key);
      return object === undefined ? [] : [{ name: nameOf(key), status: object.status }];
    });
  return {
    queue: { depth, unfinishedMs, longestMs },
    objects: objects.map(({ name, status: { phase, run } }) => ({
      kind: 'Project',
      name,
      phase,
      ...(run !== undefined && { activeSeconds: run.activeSeconds }),
      ...(run?.leftSeconds !== undefined && { leftSeconds: run.leftSeconds }),
    })),
    agents: objects.flatMap(({ name: project, status }) =>
      status.agents.map((agent) => ({
        project,
        name: agent.name,
        class: agent.class,
        state: agent.state,
        restarts: agent.restarts,
        ...evidenceOf(agent, now()),
        ...(agent.context !== undefined && { contextLeft: agent.context.left }),
        ...(agent.git !== undefined && { git: agent.git }),
      })),
    ),
    held: objects.flatMap(({ status }) => status.agents).filter(isHeld).length,
    accounts: accountsIn(state),
    problems: specs.problems().map(({ severity }) => ({ severity })),
    mailboxDepth: mailboxDepth(),
    observationAgeMs: now() - (controller.lastLookAt() || startedAt),
  };
}

/** What the process table alone says has been so since the start. */
function evidenceOf(
  { evidence: source, evidenceAt, startedAt }: AgentStatus,
  now: number,
): Pick<Summary['agents'][number], 'evidence'> {
  const since = evidenceAt ?? startedAt;
  if (source === undefined || since === undefined) return {};
  // A clock that was set back makes nothing come about in the future.
  return { evidence: { source, ageMs: Math.max(0, now - Date.parse(since)) } };
}

function isHeld({ heldUntil, reason, state }: AgentStatus): boolean {
  return heldUntil !== undefined || reason === 'AccountHeld' || state === 'NeedsAuth';
}

function accountsIn(state: StateStore): Summary['accounts'] {
  return state.keys().flatMap((key) => {
    if (kindOf(key) !== 'AgentClass') return [];
    const status = state.object(key)?.status as unknown as AgentClassStatus | undefined;
    return status === undefined || status.agents === 0 ? [] : [{ state: accountState(status) }];
  });
}

function accountState({ conditions, limit }: AgentClassStatus): Summary['accounts'][number]['state'] {
  const reason = conditions.find(({ type }) => type === 'Authenticated')?.reason;
  if (reason === 'LoginLost' || reason === 'NotLoggedIn') return reason;
  if (limit?.until !== undefined) return 'Limited';
  return reason === 'LoggedIn' ? reason : 'Unknown';
}

/** How things stand, in a line: what `systemctl status` shows. */
export function statusLine({ state, specs, controller }: Standing): string {
  const projects = state.keys().filter(isProject);
  const agents = projects.flatMap((key) => state.object(key)?.status.agents ?? []);
  const problems = specs.problems().filter(({ severity }) => severity === 'Error').length;
  return [
    `${counted(projects.length, 'project')}, ${agents.filter(({ ready }) => ready).length} of ${counted(agents.length, 'agent')} ready`,
    ...(problems > 0 ? [`${counted(problems, 'problem')} in the specs`] : []),
    ...(controller.isSynced() ? [] : ['not every object was looked at yet']),
    ...(controller.canSee() ? [] : ['tmux cannot be seen']),
  ].join('; ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A loop that has not looked for so long hangs. */
const HANGS_MS = 60_000;

/** Alive: whether a restart of the process could help. A tmux that does not answer is no reason for one. */
export function liveness({ controller, startedAt, now }: Standing): Health {
  const since = now() - Math.max(controller.lastTriedAt(), startedAt);
  const checks = [{ name: 'loop', ok: since < HANGS_MS, message: `last turn ${Math.round(since / 1000)} s ago` }];
  return { ok: checks.every(({ ok }) => ok), checks };
}

/** Ready: whether what is served and done can be relied on. */
export function readiness({ controller, isLeader, unwritable }: Standing): Health {
  const checks = [
    { name: 'lock', ok: isLeader(), message: 'another controller holds it' },
    { name: 'synced', ok: controller.isSynced(), message: 'not every object was looked at since the start' },
    { name: 'tmux', ok: controller.canSee(), message: 'the last look at tmux failed' },
    { name: 'state', ok: unwritable().length === 0, message: `cannot be written: ${unwritable().join(', ')}` },
  ];
  return { ok: checks.every(({ ok }) => ok), checks };
}

function isProject(key: Key): boolean {
  return kindOf(key) === 'Project';
}
