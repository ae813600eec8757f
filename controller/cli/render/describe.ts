import { stringify } from 'yaml';
import type { Agent, AgentStatus } from '../../api/generated/all.ts';
import type { AgentClassObject, AgentRoleObject, MessageObject, ProjectObject, TeamObject } from '../object.ts';
import { formatAge } from './age.ts';
import { evidenceText, readyCount } from './columns.ts';
import { describeAlert } from './describe-alert.ts';
import { describeGitSource } from './describe-gitsource.ts';
import { describeQueue } from './describe-queue.ts';
import {
  conditionColumns,
  type Description,
  eventSection,
  fields,
  identityRows,
  indent,
  pairs,
  printable,
  problemSection,
  type Row,
  section,
  timestamp,
  WHOLE_LINES,
} from './description.ts';
import { gitRows } from './git-text.ts';
import { attemptColumns, runRows } from './run-rows.ts';
import { signalName } from './signal-name.ts';
import { renderTable } from './table.ts';
import { ruleColumns, workRows } from './work-rows.ts';

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
    case 'GitSource':
      return describeGitSource(object, description);
    case 'Alert':
      return describeAlert(object, description);
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
      ...workRows(status),
    ]),
    ...(status.completion === undefined
      ? []
      : [section('Completion', renderTable(ruleColumns(about.now), status.completion.rules))]),
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

function agentSection(agent: AgentStatus, now: number): string {
  return `${agent.name}:\n${indent(fields(agentRows(agent, now)))}`;
}

/** `4 (Crash 3, Limit 1)` */
function restartsText({ restarts, restartsByEnd = {} }: AgentStatus): string {
  const kinds = Object.entries(restartsByEnd).map(([kind, count]) => `${kind} ${count}`);
  return kinds.length === 0 ? String(restarts) : `${restarts} (${kinds.sort().join(', ')})`;
}

function agentRows(agent: AgentStatus, now: number): readonly Row[] {
  const { pane, lastExit, termination } = agent;
  const rows: Row[] = [
    ['State', agent.state],
    ['Ready', String(agent.ready)],
    ['Class', agent.class],
    ['Restarts', restartsText(agent)],
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
  rows.push(...gitRows(agent.git, now));
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
    fields([...identityRows(metadata, { file: about.file ?? '<comes with muxlet>' })]),
    section('Spec', stringify(spec, WHOLE_LINES)),
    ...(status === undefined ? [] : [section('Status', stringify(status, WHOLE_LINES))]),
    problemSection(about),
    eventSection(about),
  ].join('');
}
