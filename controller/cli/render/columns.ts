import type { Agent, Event, MessageStatus } from '../../api/generated/all.ts';
import type {
  AgentClassObject,
  AgentRoleObject,
  ApiObject,
  GitSourceObject,
  MessageObject,
  ProblemObject,
  ProjectObject,
  QueueObject,
  TeamObject,
} from '../object.ts';
import { ORIGIN } from '../origin.ts';
import { formatAge, formatDuration } from './age.ts';
import { alertColumns } from './alert-columns.ts';
import { aheadText, branchText, dirtyText, lastCommitText } from './git-text.ts';
import { objectName } from './output.ts';
import { resultText, timeLeft } from './run-rows.ts';
import type { Column } from './table.ts';

/** The columns of a kind's table. With `mixed`, names are written with their kind, since several kinds are shown. */
export function columnsOf(kind: string, now: () => number, mixed = false): readonly Column<ApiObject>[] {
  const name = { header: 'NAME', cell: (object: ApiObject) => (mixed ? objectName(object) : object.metadata.name) };
  switch (kind as ApiObject['kind']) {
    case 'Project':
      return [name, ...narrowed(projectColumns(now))];
    case 'Agent':
      return [name, ...narrowed(agentColumns(now))];
    case 'AgentClass':
      return [name, ...narrowed(agentClassColumns)];
    case 'AgentRole':
      return [name, ...narrowed(agentRoleColumns)];
    case 'Team':
      return [name, ...narrowed(teamColumns)];
    case 'Message':
      return [name, ...narrowed(messageColumns)];
    case 'Queue':
      return [name, ...narrowed(queueColumns)];
    case 'GitSource':
      return [name, ...narrowed(gitSourceColumns(now))];
    case 'Alert':
      return [name, ...narrowed(alertColumns(now))];
    case 'Event':
      return narrowed(eventColumns(now));
    case 'Problem':
      return narrowed(problemColumns);
  }
}

/** A table holds objects of one kind; only its caller knows which. */
function narrowed<Row extends ApiObject>(columns: readonly Column<Row>[]): readonly Column<ApiObject>[] {
  return columns as unknown as readonly Column<ApiObject>[];
}

function projectColumns(now: () => number): readonly Column<ProjectObject>[] {
  return [
    { header: 'READY', cell: readyCount },
    { header: 'PHASE', cell: ({ status }) => status.phase },
    {
      header: 'RESTARTS',
      cell: ({ status }) => String(status.agents.reduce((sum, { restarts }) => sum + restarts, 0)),
    },
    { header: 'AGE', cell: ({ metadata }) => formatAge(metadata.creationTimestamp, now()) },
    { header: 'SOURCE', wide: true, cell: ({ metadata }) => metadata.annotations?.[ORIGIN.source] ?? '' },
    { header: 'QUEUE', wide: true, cell: ({ spec }) => spec?.queue ?? '' },
    { header: 'ATTEMPT', wide: true, cell: ({ status }) => String(status.run?.attempt ?? '') },
    { header: 'LEFT', wide: true, cell: ({ status }) => timeLeft(status.run, now()) },
    { header: 'RESULT', wide: true, cell: ({ status }) => resultText(status.run) },
    { header: 'REASON', wide: true, cell: ({ status }) => conditionReason(status.conditions) },
    { header: 'SESSION', wide: true, cell: ({ status }) => status.session?.id ?? '' },
    { header: 'SERVER', wide: true, cell: ({ status }) => status.session?.server ?? '' },
    { header: 'LABELS', wide: true, cell: ({ metadata }) => formatPairs(metadata.labels) },
  ];
}

/** Of the agents that are wanted, how many are ready; agents that are being ended count for neither. */
export function readyCount({ spec, status }: ProjectObject): string {
  const kept = status.agents.filter(({ termination }) => termination === undefined);
  return `${kept.filter(({ ready }) => ready).length}/${spec?.agents.length ?? kept.length}`;
}

function conditionReason(conditions: ProjectObject['status']['conditions']): string {
  return conditions.find(({ type }) => type === 'Ready')?.reason ?? '';
}

function formatPairs(pairs: Readonly<Record<string, string>> = {}): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

function agentColumns(now: () => number): readonly Column<Agent>[] {
  return [
    { header: 'PROJECT', cell: ({ spec }) => spec.project },
    { header: 'CLASS', cell: ({ spec }) => spec.class },
    { header: 'STATE', cell: ({ status }) => status.state },
    { header: 'READY', cell: ({ status }) => String(status.ready) },
    { header: 'RESTARTS', cell: ({ status }) => restartsText(status, now()) },
    { header: 'AGE', cell: ({ metadata }) => formatAge(metadata.creationTimestamp, now()) },
    { header: 'PID', wide: true, cell: ({ status }) => String(status.pid ?? '') },
    { header: 'PANE', wide: true, cell: ({ status }) => status.pane?.id ?? '' },
    { header: 'EVIDENCE', wide: true, cell: ({ status }) => evidenceText(status, now()) },
    { header: 'REASON', wide: true, cell: ({ status }) => status.reason ?? '' },
    { header: 'BRANCH', wide: true, cell: ({ status }) => branchText(status.git) },
    { header: 'AHEAD', wide: true, cell: ({ status }) => aheadText(status.git) },
    { header: 'DIRTY', wide: true, cell: ({ status }) => dirtyText(status.git) },
    { header: 'LAST COMMIT', wide: true, cell: ({ status }) => lastCommitText(status.git, now()) },
    { header: 'COMMAND', wide: true, cell: ({ spec }) => (spec.command ?? []).join(' ') },
  ];
}

/** `3 (5m ago)`, as kubectl says of pods. */
function restartsText({ restarts, startedAt }: Agent['status'], now: number): string {
  return restarts > 0 && startedAt !== undefined ? `${restarts} (${formatAge(startedAt, now)} ago)` : String(restarts);
}

/** `hook (3s)`: what the state was read from, and how old that is. */
export function evidenceText({ evidence, evidenceAt }: Agent['status'], now: number): string {
  if (evidence === undefined) return '';
  return evidenceAt === undefined ? evidence : `${evidence} (${formatAge(evidenceAt, now)})`;
}

const agentClassColumns: readonly Column<AgentClassObject>[] = [
  { header: 'AUTH', cell: (object) => classFact(object, 'Authenticated') },
  { header: 'LIMITS', cell: (object) => object.status?.limit?.until ?? classFact(object, 'WithinLimits') },
  { header: 'VERSION', cell: ({ status }) => status?.version ?? '' },
  { header: 'AGENTS', cell: ({ status }) => String(status?.agents ?? 0) },
  { header: 'COMMAND', cell: ({ spec }) => (spec.command ?? []).join(' ') },
  { header: 'DESCRIPTION', wide: true, cell: ({ spec }) => spec.description ?? '' },
];

/** In one word; nothing of what nobody has looked at. */
function classFact({ status }: AgentClassObject, type: string): string {
  const found = status?.conditions.find((condition) => condition.type === type);
  return found === undefined || found.reason === 'NotChecked' ? '' : found.reason;
}

const agentRoleColumns: readonly Column<AgentRoleObject>[] = [
  { header: 'HUB', cell: ({ spec }) => String(spec.hub ?? false) },
  { header: 'DESCRIPTION', cell: ({ spec }) => spec.description ?? '' },
];

const teamColumns: readonly Column<TeamObject>[] = [
  { header: 'MEMBERS', cell: ({ spec }) => String(spec.members.length) },
  { header: 'DESCRIPTION', cell: ({ spec }) => spec.description ?? '' },
  { header: 'ROLES', wide: true, cell: ({ spec }) => spec.members.map(({ role }) => role).join(',') },
];

const messageColumns: readonly Column<MessageObject>[] = [
  { header: 'TO', cell: ({ spec: { to } }) => targetText(to) },
  { header: 'PHASE', cell: ({ status }) => textOf(status?.['phase']) },
  { header: 'REASON', cell: (message) => messageReason(message) },
  { header: 'EVERY', cell: ({ spec }) => spec.every ?? '' },
  { header: 'NEXT', wide: true, cell: ({ status }) => textOf(status?.['nextAt']) },
  { header: 'TEXT', wide: true, cell: ({ spec }) => spec.text.split('\n')[0] ?? '' },
];

/** Why it is not delivered: what the first target waits for, or why it was not accepted. */
function messageReason({ status }: MessageObject): string {
  const { targets = [], conditions = [] } = (status ?? {}) as Partial<MessageStatus>;
  const open = targets.find(({ state, reason }) => state !== 'Delivered' && reason !== undefined);
  return open?.reason ?? conditions.find((condition) => condition.status === 'False')?.reason ?? '';
}

const queueColumns: readonly Column<QueueObject>[] = [
  { header: 'RUNNING', cell: ({ status }) => String(status?.running ?? 0) },
  { header: 'MAX', cell: ({ spec }) => String(spec.maxRunning ?? '') },
  { header: 'WAITING', cell: ({ status }) => String(status?.waiting ?? 0) },
  { header: 'ACTIVE', cell: ({ status }) => activeText(status) },
  { header: 'HEAD', wide: true, cell: ({ status }) => status?.head ?? '' },
  { header: 'BREAKER', wide: true, cell: ({ status }) => status?.breaker?.state ?? '' },
];

function gitSourceColumns(now: () => number): readonly Column<GitSourceObject>[] {
  const ready = ({ status }: GitSourceObject) => status?.conditions.find(({ type }) => type === 'Ready');
  return [
    { header: 'READY', cell: (source) => ready(source)?.status ?? 'Unknown' },
    { header: 'REASON', cell: (source) => ready(source)?.reason ?? '' },
    { header: 'REVISION', cell: ({ status }) => shortRevision(status?.revision) },
    { header: 'OBJECTS', cell: ({ status }) => String(status?.objects.length ?? 0) },
    {
      header: 'LOOKED',
      cell: ({ status }) => (status?.lookedAt === undefined ? '' : formatAge(status.lookedAt, now())),
    },
    { header: 'URL', wide: true, cell: ({ spec }) => spec.url },
    { header: 'MESSAGE', wide: true, cell: (source) => ready(source)?.message ?? '' },
  ];
}

/** `main@sha1:3f2a91c` */
function shortRevision(revision = ''): string {
  return revision.replace(/[0-9a-f]{40,64}$/, (commit) => commit.slice(0, 7));
}

/** `True`, or why not. */
function activeText(status: QueueObject['status']): string {
  const active = status?.conditions.find(({ type }) => type === 'Active');
  return active?.status === 'False' ? active.reason : (active?.status ?? '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `web/dev`, `web (role tester)`, `web`, or the labels that select. */
function targetText({ project, agent, role, selector }: MessageObject['spec']['to']): string {
  const place = project ?? formatPairs(selector);
  if (agent !== undefined) return `${place}/${agent}`;
  return role === undefined ? place : `${place} (role ${role})`;
}

function eventColumns(now: () => number): readonly Column<Event>[] {
  return [
    { header: 'LAST SEEN', cell: (event) => lastSeen(event, now()) },
    { header: 'TYPE', cell: ({ type }) => type },
    { header: 'REASON', cell: ({ reason }) => reason },
    { header: 'OBJECT', cell: ({ involvedObject: { kind, name } }) => `${kind.toLowerCase()}/${name}` },
    { header: 'MESSAGE', cell: ({ message }) => message },
  ];
}

/** `3m (x5 over 10m)` */
export function lastSeen({ count, firstTimestamp, lastTimestamp }: Event, now: number): string {
  const last = formatAge(lastTimestamp, now);
  return count > 1 ? `${last} (x${count} over ${formatDuration(now - Date.parse(firstTimestamp))})` : last;
}

const problemColumns: readonly Column<ProblemObject>[] = [
  { header: 'FILE:LINE:COL', cell: placeOf },
  { header: 'SEVERITY', cell: ({ severity }) => severity },
  { header: 'CODE', cell: ({ code }) => code },
  { header: 'MESSAGE', cell: ({ field, message }) => (field === undefined ? message : `${field}: ${message}`) },
  { header: 'HINT', wide: true, cell: ({ hint }) => hint ?? '' },
];

function placeOf({ file, line, column }: ProblemObject): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}
