import { AGENT_STATE, EVIDENCE, EXIT_KIND } from '../../api/enumerations.ts';
import type {
  AgentReport,
  AgentStatus,
  ApprovalStatus,
  Compaction,
  ContextStatus,
  Exit,
  FailedTurn,
  PaneRef,
  Termination,
} from '../../api/generated/all.ts';
import {
  type Check,
  count,
  flag,
  isRecord,
  listOf,
  mapOf,
  may,
  name,
  need,
  oneOf,
  or,
  ordinal,
  record,
  text,
  time,
} from './check.ts';
import { git, workTree } from './check-git-status.ts';

const state = oneOf(AGENT_STATE);

const evidence = oneOf(EVIDENCE);

const exit = record<Exit>({
  run: need(text),
  pid: may(ordinal),
  reason: or(
    oneOf<Exit['reason']>({
      Completed: true,
      Error: true,
      Signal: true,
      OOMKilled: true,
      PaneGone: true,
      Unknown: true,
    }),
    'Unknown',
  ),
  exitCode: may(count),
  signal: may(count),
  startedAt: may(time),
  finishedAt: need(time),
  kind: may(oneOf(EXIT_KIND)),
  endedFor: may(text),
  output: or(listOf(text), []),
});

const termination = record<Termination>({
  reason: need(
    oneOf<Termination['reason']>({
      ProjectRemoved: true,
      AgentRemoved: true,
      SpecChanged: true,
      LivenessFailed: true,
      Detached: true,
      Leftover: true,
      Hung: true,
      ShellWithoutAgent: true,
      AccountRestored: true,
      Suspended: true,
      Drained: true,
      DeadlineExceeded: true,
      AttemptFailed: true,
      Finished: true,
      Restarted: true,
    }),
  ),
  stage: need(oneOf<Termination['stage']>({ Begun: true, Finish: true, Term: true, Kill: true })),
  since: need(time),
  stageSince: need(time),
});

const approval = record<ApprovalStatus>({
  dialog: need(name),
  answer: need(text),
  since: need(time),
  state: need(oneOf<ApprovalStatus['state']>({ Answering: true, GivenUp: true })),
  tries: need(count),
  triedAt: may(time),
});

const compaction = record<Compaction>({
  since: need(time),
  conversation: may(text),
  stage: need(oneOf<Compaction['stage']>({ Compacting: true, Briefing: true, Done: true, Failed: true })),
});

const context = record<ContextStatus>({ left: need(count), compaction: may(compaction) });

const failedTurn = record<FailedTurn>({ at: need(time), told: need(count) });

const pane = record<PaneRef>({ server: need(name), session: need(name), window: need(name), id: need(name) });

const report = record<AgentReport>({
  type: need(oneOf<AgentReport['type']>({ done: true, blocked: true, failed: true, question: true, status: true })),
  text: may(text),
  at: need(time),
  run: may(text),
  doneAt: may(time),
});

const agentFields = record<AgentStatus>({
  name: need(name),
  uid: need(name),
  class: or(name, 'shell'),
  state: or(state, 'Unknown'),
  reason: may(text),
  message: may(text),
  ready: or(flag, false),
  restarts: or(count, 0),
  restartsByEnd: may(mapOf(count)),
  failures: or(count, 0),
  nextRestartAt: may(time),
  pid: may(ordinal),
  processStart: may(text),
  run: may(text),
  startedAt: may(time),
  hash: may(text),
  evidence: may(evidence),
  evidenceAt: may(time),
  rule: may(text),
  conversation: may(text),
  role: may(name),
  report: may(report),
  failedTurn: may(failedTurn),
  heldUntil: may(time),
  recoveries: may(listOf(time)),
  approval: may(approval),
  context: may(context),
  workTree: may(workTree),
  git: may(git),
  pane: may(pane),
  lastExit: may(exit),
  termination: may(termination),
  leftovers: may(termination),
});

/** A pid means nothing without its start time, nor the other way round: where one is malformed, both go. */
export const agent: Check = (value, place) => {
  const checked = agentFields(value, place);
  if (!isRecord(checked) || !isRecord(value) || !('pid' in value && 'processStart' in value)) return checked;
  if ('pid' in checked && 'processStart' in checked) return checked;
  const { pid: _pid, processStart: _start, ...rest } = checked;
  return rest;
};
