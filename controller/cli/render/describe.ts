import { stringify } from 'yaml';
import type { Agent, AgentStatus, Event } from '../../api/generated/all.ts';
import { formatProblem } from '../../api/problem.ts';
import type {
  AgentClassObject,
  AgentRoleObject,
  ApiObject,
  MessageObject,
  ProblemObject,
  ProjectObject,
  QueueObject,
  TeamObject,
} from '../object.ts';
import { formatAge } from './age.ts';
import { evidenceText, lastSeen, readyCount } from './columns.ts';
import { attemptColumns, runRows } from './run-rows.ts';
import { signalName } from './signal-name.ts';
import { alignRows, renderTable } from './table.ts';

export interface Description {
  readonly object: ApiObject;
  readonly file: string | undefined;
  readonly events: readonly Event[];
  readonly problems: readonly ProblemObject[];
  /** Of a queue: the first of those who wait, as they last said. */
  readonly line: readonly Waiting[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Waiting {
  readonly project: string;
  readonly reason: string;
  readonly message: string;
}

type Row = readonly [label: string, value: string];

/** Everything there is to say of an object, in the sections of kubectl describe. */
export function renderDescription(description: Description): string {
  const { object } = description;
  switch (object.kind) {
    case 'Project':
      return describeProject(object, description);
    case 'Agent':
      return describeAgent(object, description);
    case 'AgentClass':
      return describeAgentClass(object, description);
    case 'AgentRole':
    case 'Team':
    case 'Message':
      return describeWritten(object, description);
    case 'Queue':
      return describeQueue(object, description);
    case 'Event':
    case 'Problem':
      return `${JSON.stringify(object, null, 2)}\n`;
  }
}

function describeProject(project: ProjectObject, about: Description): string {
  const { metadata, status } = project;
  const { session } = status;
  return [
    fields([
      ['Name', metadata.name],
      ['Labels', pairs(metadata.labels, '=')],
      ['Annotations', pairs(metadata.annotations, ': ')],
      ['UID', metadata.uid ?? '<none>'],
      ['Generation', `${metadata.generation ?? '<none>'} (observed ${status.observedGeneration})`],
      ['Created', timestamp(metadata.creationTimestamp)],
      ...(metadata.deletionTimestamp === undefined
        ? []
        : [['Deleted', timestamp(metadata.deletionTimestamp)] satisfies Row]),
      ['File', about.file ?? '<none>'],
      ['Phase', status.phase],
      ['Ready', readyCount(project)],
      ['Session', session === undefined ? '<none>' : `${session.name} (${session.id} on ${session.server})`],
      ...runRows(status.run, about.now),
    ]),
    ...(status.attempts === undefined
      ? []
      : [section('Attempts', renderTable(attemptColumns(about.now), status.attempts))]),
    section(
      'Conditions',
      status.conditions.length === 0 ? '' : renderTable(conditionColumns(about.now), status.conditions),
    ),
    section('Agents', status.agents.map((agent) => agentSection(agent, about.now)).join('')),
    problemSection(about),
    eventSection(about),
  ].join('');
}

function conditionColumns(now: number) {
  type Condition = ProjectObject['status']['conditions'][number];
  return [
    { header: 'Type', cell: ({ type }: Condition) => type },
    { header: 'Status', cell: ({ status }: Condition) => status },
    { header: 'Reason', cell: ({ reason }: Condition) => reason },
    { header: 'Since', cell: ({ lastTransitionTime }: Condition) => formatAge(lastTransitionTime, now) },
    { header: 'Message', cell: ({ message }: Condition) => message },
  ];
}

function agentSection(agent: AgentStatus, now: number): string {
  return `${agent.name}:\n${indent(fields(agentRows(agent, now)))}`;
}

function agentRows(agent: AgentStatus, now: number): readonly Row[] {
  const { pane, lastExit, termination } = agent;
  const rows: Row[] = [
    ['State', agent.state],
    ['Ready', String(agent.ready)],
    ['Class', agent.class],
    ['Restarts', String(agent.restarts)],
  ];
  if (agent.reason !== undefined) rows.push(['Reason', agent.reason]);
  if (agent.message !== undefined) rows.push(['Message', agent.message]);
  if (agent.pid !== undefined) rows.push(['PID', String(agent.pid)]);
  if (agent.startedAt !== undefined)
    rows.push(['Started', `${agent.startedAt} (${formatAge(agent.startedAt, now)} ago)`]);
  if (agent.heldUntil !== undefined) rows.push(['Held Until', agent.heldUntil]);
  if (agent.recoveries !== undefined) rows.push(['Recoveries', `${agent.recoveries.length} within an hour`]);
  if (agent.nextRestartAt !== undefined) rows.push(['Next Restart', agent.nextRestartAt]);
  if (pane !== undefined) rows.push(['Pane', `${pane.id} (window ${pane.window}, ${pane.session} on ${pane.server})`]);
  if (agent.evidence !== undefined) rows.push(['Evidence', evidenceText(agent, now)]);
  if (agent.rule !== undefined) rows.push(['Rule', agent.rule]);
  if (agent.conversation !== undefined) rows.push(['Conversation', agent.conversation]);
  if (agent.context !== undefined) rows.push(['Context Left', `${agent.context.left} %`]);
  if (agent.report !== undefined) rows.push(['Report', reportText(agent.report, now)]);
  if (termination !== undefined) rows.push(['Ending', `${termination.stage} (${termination.reason})`]);
  if (lastExit !== undefined) rows.push(['Last Exit', exitText(lastExit, now)]);
  if (lastExit !== undefined && lastExit.output.length > 0) {
    rows.push(['Last Output', `\n${lastExit.output.map((line) => `  ${line}`).join('\n')}`]);
  }
  return rows;
}

/** What it last said of itself, in one line. */
function reportText({ type, text, at }: NonNullable<AgentStatus['report']>, now: number): string {
  const said = text === undefined ? type : `${type}: ${printable(text.replaceAll(/\s+/g, ' '))}`;
  return `${said} (${formatAge(at, now)} ago)`;
}

function exitText(
  { reason, kind, exitCode, signal, finishedAt }: NonNullable<AgentStatus['lastExit']>,
  now: number,
): string {
  const how = [exitCode !== undefined && `exit code ${exitCode}`, signal !== undefined && signalName(signal)];
  const parts = [
    kind === undefined ? reason : `${reason} (${kind})`,
    ...how.filter((part) => part !== false),
    `${formatAge(finishedAt, now)} ago`,
  ];
  return parts.join(', ');
}

function describeAgent({ metadata, spec, status }: Agent, about: Description): string {
  return [
    fields([
      ['Name', metadata.name],
      ['Project', spec.project],
      ['Labels', pairs(metadata.labels, '=')],
      ['UID', metadata.uid === '' ? '<none>' : metadata.uid],
      ['Command', spec.command?.join(' ') ?? '<that of its class>'],
      ['Working Dir', spec.workingDir ?? '<default>'],
      ['Restart Policy', spec.restartPolicy ?? '<none>'],
      ...agentRows(status, about.now),
    ]),
    eventSection(about),
  ].join('');
}

function describeAgentClass({ metadata, spec, status }: AgentClassObject, about: Description): string {
  return [
    fields([
      ['Name', metadata.name],
      ['Labels', pairs(metadata.labels, '=')],
      ['Annotations', pairs(metadata.annotations, ': ')],
      ['Description', spec.description ?? '<none>'],
      ['Command', spec.command?.join(' ') ?? '<none>'],
      ['File', about.file ?? '<comes with muxlet>'],
      ['Grace Period', `${spec.terminationGracePeriodSeconds ?? 10}s`],
      ...classRows(status),
    ]),
    ...(status === undefined
      ? []
      : [section('Conditions', renderTable(conditionColumns(about.now), status.conditions))]),
    problemSection(about),
    eventSection(about),
  ].join('');
}

/** A text of several lines stays as it was written, whatever their length. */
const WHOLE_LINES = { lineWidth: 0 } as const;

/** What was seen of the program and its account; nothing of a class of which there are no agents. */
function classRows(status: AgentClassObject['status']): readonly Row[] {
  if (status === undefined) return [];
  const { agents, program, version, login, limit } = status;
  const rows: Row[] = [['Agents', String(agents)]];
  if (program !== undefined) rows.push(['Program', program]);
  if (version !== undefined) rows.push(['Version', version]);
  if (login?.lostAt !== undefined) rows.push(['Login Lost', login.lostAt]);
  if (login?.restoredAt !== undefined) rows.push(['Login Back', login.restoredAt]);
  if (limit?.until !== undefined) rows.push(['Limited Until', limit.until]);
  return rows;
}

/** A kind of which there is little more to say than what was written. */
function describeWritten(
  { metadata, spec, status }: AgentRoleObject | TeamObject | MessageObject,
  about: Description,
): string {
  return [
    fields([
      ['Name', metadata.name],
      ['Labels', pairs(metadata.labels, '=')],
      ['Annotations', pairs(metadata.annotations, ': ')],
      ['File', about.file ?? '<comes with muxlet>'],
    ]),
    section('Spec', stringify(spec, WHOLE_LINES)),
    ...(status === undefined ? [] : [section('Status', stringify(status, WHOLE_LINES))]),
    problemSection(about),
    eventSection(about),
  ].join('');
}

function describeQueue({ metadata, spec, status }: QueueObject, about: Description): string {
  const limit = spec.maxRunning === undefined ? '' : ` of ${spec.maxRunning}`;
  const { breaker } = status ?? {};
  return [
    fields([
      ['Name', metadata.name],
      ['Labels', pairs(metadata.labels, '=')],
      ['Annotations', pairs(metadata.annotations, ': ')],
      ['File', about.file ?? '<none>'],
      ['Running', `${status?.running ?? 0}${limit}`],
      ['Waiting', String(status?.waiting ?? 0)],
      ['Next', status?.head ?? '<none>'],
      ...(status?.passedSince === undefined ? [] : [['Passed Since', status.passedSince] satisfies Row]),
      ...(breaker === undefined ? [] : breakerRows(breaker, about.now)),
    ]),
    section('Spec', stringify(spec, WHOLE_LINES)),
    section('Conditions', status === undefined ? '' : renderTable(conditionColumns(about.now), status.conditions)),
    section(
      'Slots',
      (status?.admitted ?? []).length === 0 ? '' : renderTable(slotColumns(about.now), status?.admitted ?? []),
    ),
    section('Line', about.line.length === 0 ? '' : renderTable(lineColumns, about.line)),
    problemSection(about),
    eventSection(about),
  ].join('');
}

type QueueStatus = NonNullable<QueueObject['status']>;

function breakerRows({ state, failures, openedAt }: NonNullable<QueueStatus['breaker']>, now: number): readonly Row[] {
  const since = openedAt === undefined ? '' : `, opened ${formatAge(openedAt, now)} ago`;
  const failed = failures.slice(-10).map(({ project, at }) => `${project} (${formatAge(at, now)} ago)`);
  return [
    ['Breaker', `${state}${since}`],
    ['Failures', failed.length === 0 ? '<none>' : failed.join(', ')],
  ];
}

function slotColumns(now: number) {
  type Slot = QueueStatus['admitted'][number];
  return [
    { header: 'Project', cell: ({ project }: Slot) => project },
    { header: 'Since', cell: ({ since }: Slot) => formatAge(since, now) },
    { header: 'Trial', cell: ({ trial }: Slot) => (trial === true ? 'true' : '') },
  ];
}

const lineColumns = [
  { header: 'Project', cell: ({ project }: Waiting) => project },
  { header: 'Reason', cell: ({ reason }: Waiting) => reason },
  { header: 'Message', cell: ({ message }: Waiting) => message },
];

function problemSection({ problems }: Description): string {
  return problems.length === 0 ? '' : section('Problems', problems.map((each) => `${formatProblem(each)}\n`).join(''));
}

function eventSection({ events, now }: Description): string {
  const columns = [
    { header: 'Type', cell: ({ type }: Event) => type },
    { header: 'Reason', cell: ({ reason }: Event) => reason },
    { header: 'Age', cell: (event: Event) => lastSeen(event, now) },
    { header: 'Message', cell: ({ message }: Event) => message },
  ];
  return section('Events', events.length === 0 ? '' : renderTable(columns, events));
}

function section(title: string, body: string): string {
  return body === '' ? `${title}:  <none>\n` : `${title}:\n${indent(body)}`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function fields(rows: readonly Row[]): string {
  return alignRows(rows.map(([label, value]) => [`${label}:`, printable(value)]));
}

/** Several pairs stand one under the other. */
function pairs(entries: Readonly<Record<string, string>> | undefined, separator: string): string {
  const texts = Object.entries(entries ?? {}).map(([key, value]) => `${key}${separator}${value}`);
  return texts.length === 0 ? '<none>' : texts.sort().join(', ');
}

function timestamp(text: string | undefined): string {
  return text ?? '<unknown>';
}

/** What agents print and say may hold anything; none of it reaches the person's terminal as a command. */
function printable(line: string): string {
  return line.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
