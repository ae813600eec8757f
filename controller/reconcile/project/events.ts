import type { EventNote } from '../../api/decision.ts';
import type { AgentStatus, ProjectStatus } from '../../api/generated/all.ts';
import { exitMessage } from './exit-message.ts';
import { TAKEN_DOWN } from './exits.ts';
import { needEvents } from './reading.ts';
import { isRecovery } from './recovery.ts';

/** What is worth telling of the way from one status to the next. */
export function eventsBetween(before: ProjectStatus | undefined, after: ProjectStatus): EventNote[] {
  return [...sessionEvents(before, after), ...after.agents.flatMap((agent) => ofAgent(before, agent))];
}

function ofAgent(before: ProjectStatus | undefined, agent: AgentStatus): EventNote[] {
  return agentEvents(before, agent).map((note) => ({ ...note, agent: agent.name }));
}

function sessionEvents(before: ProjectStatus | undefined, after: ProjectStatus): EventNote[] {
  const events: EventNote[] = [];
  const up = after.conditions.find(({ type }) => type === 'SessionUp');
  // By the session, not by the condition: a while in which tmux could not be looked at changes nothing.
  if (up?.status === 'True' && before?.session === undefined && after.session !== undefined) {
    const { name, server } = after.session;
    // What we create was seen missing before: a session that is there at the first look was found.
    const reason = before === undefined ? 'Adopted' : 'SessionCreated';
    events.push({ type: 'Normal', reason, message: `session ${name} is up on tmux server ${server}` });
  }
  const isLeaving = after.conditions.some(({ type, reason }) => type === 'Ready' && reason === 'Terminating');
  if (up?.status === 'False' && before?.session !== undefined && up.reason === 'SessionMissing' && !isLeaving) {
    const type = wasTakenDown(before, after) ? 'Normal' : 'Warning';
    events.push({ type, reason: 'SessionMissing', message: 'the session is gone' });
  }
  const stalled = after.conditions.find(({ type, status }) => type === 'Stalled' && status === 'True');
  if (stalled !== undefined && statusOf(before, 'Stalled') !== 'True') {
    events.push({ type: 'Warning', reason: stalled.reason as EventNote['reason'], message: stalled.message });
  }
  return events;
}

/** Whoever ran was ended by `muxlet down`, and the session with them. */
function wasTakenDown(before: ProjectStatus, { agents }: ProjectStatus): boolean {
  const ended = agents.filter(({ name, lastExit }) => {
    const known = before.agents.find((agent) => agent.name === name);
    return lastExit !== undefined && lastExit.run !== known?.lastExit?.run;
  });
  return ended.length > 0 && ended.every(({ lastExit }) => lastExit?.endedFor === TAKEN_DOWN);
}

function agentEvents(before: ProjectStatus | undefined, agent: AgentStatus): EventNote[] {
  const previous = before?.agents.find(({ name }) => name === agent.name);
  const events: EventNote[] = [];
  if (agent.lastExit !== undefined && agent.lastExit.run !== previous?.lastExit?.run) {
    const { reason, endedFor } = agent.lastExit;
    const expected = reason === 'Completed' || endedFor === TAKEN_DOWN || previous?.termination !== undefined;
    const message = `agent ${agent.name}: ${exitMessage(agent.lastExit)}`;
    events.push({ type: expected ? 'Normal' : 'Warning', reason: 'AgentExited', message });
  }
  if (agent.pid !== undefined && agent.run !== previous?.run) {
    const again = previous?.run !== undefined;
    const message = `agent ${agent.name} runs${again ? ' again' : ''}`;
    events.push({ type: 'Normal', reason: again ? 'AgentRestarted' : 'AgentStarted', message });
  }
  if (agent.approval?.state === 'GivenUp' && previous?.approval?.state !== 'GivenUp') {
    const { dialog, answer, tries } = agent.approval;
    const message = `agent ${agent.name}: ${dialog} is still open after ${tries} answers '${answer}'; it waits for a person`;
    events.push({ type: 'Warning', reason: 'DialogUnanswered', message });
  }
  events.push(...needEvents(previous, agent));
  if (agent.termination?.stage === 'Begun' && previous?.termination === undefined) {
    const { reason } = agent.termination;
    const isFailure = reason === 'LivenessFailed' || isRecovery(reason);
    const why = isFailure && agent.message !== undefined ? `: ${agent.message}` : '';
    events.push({
      type: isFailure ? 'Warning' : 'Normal',
      reason,
      message: `agent ${agent.name} is being ended${why}`,
    });
  }
  return events;
}

function statusOf(status: ProjectStatus | undefined, type: string): string | undefined {
  return status?.conditions.find((condition) => condition.type === type)?.status;
}
