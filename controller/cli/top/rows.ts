import type { AgentStatus } from '../../api/generated/all.ts';
import { agentsOf } from '../merge.ts';
import type { ProjectObject, QueueObject } from '../object.ts';
import { branchText } from '../render/git-text.ts';
import { timeLeft } from '../render/run-rows.ts';
import type { AgentRow, MailCounts, ProjectRow, QueueRow, Usage } from './facts.ts';

/** What is known of an agent beside its status. */
export interface Beside {
  usage(agent: AgentStatus): Usage | undefined;
  mail(uid: string): MailCounts;
}

export interface Rows {
  readonly agents: readonly AgentRow[];
  readonly projects: readonly ProjectRow[];
}

/** The rows of projects and of their agents. */
export function rowsOf(projects: readonly ProjectObject[], beside: Beside, now: number): Rows {
  const agents: AgentRow[] = [];
  const rows = projects.map((project) => {
    const own = agentsOf(project).map(({ status }) => agentRow(project.metadata.name, status, beside));
    agents.push(...own);
    return projectRow(project, own, now);
  });
  return { agents, projects: rows };
}

function agentRow(project: string, status: AgentStatus, beside: Beside): AgentRow {
  const { name, uid, evidence, git } = status;
  const usage = beside.usage(status);
  return {
    name: `${project}.${name}`,
    project,
    agent: name,
    uid,
    class: status.class,
    role: status.role ?? '',
    state: status.state,
    reason: status.reason ?? '',
    message: status.message ?? '',
    evidence: evidence ?? '',
    restarts: status.restarts,
    branch: branchText(git),
    mail: beside.mail(uid),
    ...(usage !== undefined && { usage }),
    ...time('evidenceAt', status.evidenceAt),
    ...time('startedAt', status.startedAt),
    ...time('commitAt', git?.lastCommitAt),
    ...(git?.ahead !== undefined && { ahead: git.ahead }),
    ...(git?.changed !== undefined && { dirty: git.changed + (git.untracked ?? 0) }),
  };
}

function projectRow(project: ProjectObject, agents: readonly AgentRow[], now: number): ProjectRow {
  const { metadata, spec, status } = project;
  const kept = status.agents.filter(({ termination }) => termination === undefined);
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  const ahead = agents.flatMap(({ ahead: own }) => own ?? []);
  const commits = agents.flatMap(({ commitAt }) => commitAt ?? []);
  const usage = sumOf(agents.flatMap(({ usage: own }) => own ?? []));
  return {
    name: metadata.name,
    phase: status.phase,
    ready: kept.filter((agent) => agent.ready).length,
    wanted: spec?.agents.length ?? kept.length,
    reason: ready?.reason ?? '',
    message: ready?.message ?? '',
    queue: spec?.queue ?? '',
    restarts: status.agents.reduce((sum, { restarts }) => sum + restarts, 0),
    mail: agents.reduce(addMail, NO_MAIL),
    left: timeLeft(status.run, now),
    ...(usage !== undefined && { usage }),
    ...(ahead.length > 0 && { ahead: ahead.reduce((sum, own) => sum + own, 0) }),
    ...(commits.length > 0 && { commitAt: Math.max(...commits) }),
    ...time('createdAt', metadata.creationTimestamp),
    ...(status.run !== undefined && { attempt: status.run.attempt }),
  };
}

export function queueRow({ metadata, spec, status }: QueueObject): QueueRow {
  const active = status?.conditions.find(({ type }) => type === 'Active');
  return {
    name: metadata.name,
    running: status?.running ?? 0,
    waiting: status?.waiting ?? 0,
    state: active === undefined ? '' : active.status === 'True' ? 'Active' : active.reason,
    breaker: status?.breaker?.state ?? '',
    head: status?.head ?? '',
    message: active?.message ?? '',
    ...(spec.maxRunning !== undefined && { max: spec.maxRunning }),
  };
}

export const NO_MAIL: MailCounts = { waiting: 0, delivered: 0 };

function addMail(sum: MailCounts, { mail }: AgentRow): MailCounts {
  return { waiting: sum.waiting + mail.waiting, delivered: sum.delivered + mail.delivered };
}

function sumOf(usages: readonly Usage[]): Usage | undefined {
  if (usages.length === 0) return undefined;
  const known = usages.flatMap(({ cpu }) => cpu ?? []);
  return {
    memory: usages.reduce((sum, { memory }) => sum + memory, 0),
    processes: usages.reduce((sum, { processes }) => sum + processes, 0),
    ...(known.length > 0 && { cpu: known.reduce((sum, own) => sum + own, 0) }),
  };
}

/** A time of a status file as a number; nothing for one that is missing or malformed. */
function time<Name extends string>(name: Name, text: string | undefined): { readonly [Key in Name]?: number } {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return (Number.isNaN(ms) ? {} : { [name]: ms }) as { readonly [Key in Name]?: number };
}
