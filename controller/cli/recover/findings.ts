import type { AgentStatus } from '../../api/generated/all.ts';
import { formatProblem } from '../../api/problem.ts';
import type { Reason } from '../../api/reasons.ts';
import type { Leftover } from '../../api/world.ts';
import { mismatchOf } from '../../reconcile/leftovers/audit.ts';
import type { KeptThing } from '../../reconcile/leftovers/kept-work.ts';
import type { ProjectObject } from '../object.ts';
import type { View } from '../view.ts';
import type { Finding } from './finding.ts';
import { keptFinding } from './kept-findings.ts';

/** All that is stuck, over, left or waits for somebody. Pure. */
export function findingsOf(view: View, leftovers: readonly Leftover[], kept: readonly KeptThing[]): readonly Finding[] {
  const problems = view.objects('Problem').filter(({ severity }) => severity === 'Error');
  return [
    ...problems.map((problem): Finding => {
      const cause = formatProblem(problem);
      return { object: problem.file, state: 'Broken', cause, next: 'muxlet get problems -o wide' };
    }),
    ...view.objects('Project').flatMap(projectFindings),
    ...leftovers.map(leftoverFinding),
    ...kept.map(keptFinding),
  ];
}

function projectFindings(project: ProjectObject): Finding[] {
  const { metadata, status } = project;
  const { name } = metadata;
  const object = `project/${name}`;
  const fact = (type: string) => status.conditions.find((condition) => condition.type === type);
  const [complete, stalled, ready, up] = ['Complete', 'Stalled', 'Ready', 'SessionUp'].map(fact);
  const describe = `muxlet describe project ${name}`;
  if (metadata.deletionTimestamp !== undefined) {
    const cause = 'it is being removed, and something of it is left';
    return [{ object, state: 'Terminating', since: metadata.deletionTimestamp, cause, next: describe }];
  }
  if (complete?.status === 'True') return [];
  if (complete !== undefined) {
    const cause = [status.run?.reason ?? complete.reason, status.run?.message ?? causeOf(project)].join(': ');
    return [
      { object, state: 'Failed', since: complete.lastTransitionTime, cause, next: `muxlet reset project ${name}` },
    ];
  }
  const own: Finding[] = [];
  if (stalled?.status === 'True') {
    const next = NEXT[stalled.reason as Reason]?.(name) ?? describe;
    own.push({ object, state: 'Stalled', since: stalled.lastTransitionTime, cause: text(stalled), next });
  } else if (up?.reason === 'ActionFailed') {
    own.push({ object, state: 'ActionFailed', since: up.lastTransitionTime, cause: text(up), next: describe });
  } else if (ready?.status === 'Unknown') {
    own.push({ object, state: 'Unknown', since: ready.lastTransitionTime, cause: text(ready), next: 'muxlet doctor' });
  }
  return [...own, ...status.agents.flatMap((agent) => agentFinding(agent, name))];
}

function causeOf({ status: { conditions } }: ProjectObject): string {
  return conditions.find(({ type }) => type === 'AgentsReady')?.message ?? '';
}

const EDIT = (project: string): string => `muxlet edit project ${project}`;

/** What a person does about a reason for which nothing happens by itself. */
const NEXT: Readonly<Partial<Record<Reason, (project: string) => string>>> = {
  UnknownClass: EDIT,
  NoCommand: EDIT,
  UnknownRole: EDIT,
  BriefingInvalid: EDIT,
  WorkingDirMissing: EDIT,
  WorkingDirNotADirectory: EDIT,
  GoalFileUnreadable: EDIT,
  RepoMissing: EDIT,
  UnknownQueue: EDIT,
  NeverFits: EDIT,
  DependencyMissing: EDIT,
  DependencyCycle: EDIT,
  ProgramMissing: () => 'muxlet doctor',
  RecoveriesExhausted: (project) => `muxlet restart project ${project}`,
};

function agentFinding({ name, class: agentClass, ...agent }: AgentStatus, project: string): Finding[] {
  const attach = `muxlet attach ${project} -a ${name}`;
  const found = (next: string, since = agent.evidenceAt ?? agent.lastExit?.finishedAt): Finding[] => {
    const cause = [agent.reason, agent.message].filter((part) => part !== undefined && part !== '').join(': ');
    const object = `agent/${project}.${name}`;
    return [{ object, state: agent.state, ...(since !== undefined && { since }), cause, next }];
  };
  switch (agent.state) {
    case 'Waiting':
    case 'Unknown':
      return agent.reason === 'Settling' ? [] : found(attach);
    case 'NeedsAuth':
      return found(attach);
    case 'Stuck':
      return found(`muxlet restart project ${project} -a ${name}`);
    case 'CrashLoopBackOff':
      return found(`muxlet logs ${project} -a ${name} --previous`);
    case 'Pending':
      return agent.reason === 'AccountHeld' || agent.reason === 'NotLoggedIn'
        ? found(`muxlet describe agentclass ${agentClass}`)
        : [];
    case 'Starting':
    case 'Idle':
    case 'Busy':
    case 'Limited':
    case 'Exited':
      return [];
  }
}

function leftoverFinding(leftover: Leftover): Finding {
  const { object, message: cause } = mismatchOf(leftover);
  const { type, project, ownership, startedAt, sessions } = leftover;
  const since = startedAt === undefined ? {} : { since: new Date(startedAt).toISOString() };
  const known = { object, state: type, ...since, cause };
  switch (type) {
    case 'Orphan':
      return { ...known, next: ownership === 'Ours' ? `muxlet recover kill-zombie ${project}` : 'muxlet audit' };
    case 'Zombie':
      return { ...known, next: `muxlet recover kill-zombie ${project}` };
    case 'LeftoverSession': {
      const [session] = sessions;
      return { ...known, next: `tmux -L ${session?.server} attach-session -t '${session?.id}'` };
    }
    case 'Phantom':
      return { ...known, next: 'muxlet run' };
  }
}

function text({ reason, message }: { readonly reason: string; readonly message: string }): string {
  return message === '' ? reason : `${reason}: ${message}`;
}
