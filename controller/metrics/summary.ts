import type { Summary } from './hooks.ts';
import { ACCOUNT_STATES, AGENT_STATES, PHASES } from './label-values.ts';
import type { Instruments } from './registry.ts';

const QUEUE = { name: 'reconcile' };

/** Sets what is a state and no event from how things stand now, so that nothing is left of an object that is gone. */
export function setSummary({ gauges, counters }: Instruments, summary: Summary): void {
  gauges.queueDepth.set(QUEUE, summary.queue.depth);
  gauges.queueUnfinished.set(QUEUE, summary.queue.unfinishedMs / 1000);
  gauges.queueLongest.set(QUEUE, summary.queue.longestMs / 1000);
  gauges.mailboxDepth.set(summary.mailboxDepth);
  gauges.observationAge.set(summary.observationAgeMs / 1000);

  for (const phase of PHASES) gauges.objects.set({ kind: 'Project', phase }, 0);
  for (const { kind, phase } of summary.objects) gauges.objects.inc({ kind, phase });
  setProjects(gauges, summary.objects);

  gauges.agentsHeld.set(summary.held);
  for (const state of ACCOUNT_STATES) gauges.accounts.set({ state }, 0);
  for (const { state } of summary.accounts) gauges.accounts.inc({ state });

  for (const severity of ['Error', 'Warning']) gauges.problems.set({ severity }, 0);
  for (const { severity } of summary.problems) gauges.problems.inc({ severity });

  gauges.agents.reset();
  for (const agentClass of new Set(summary.agents.map((agent) => agent.class))) {
    for (const state of AGENT_STATES) gauges.agents.set({ state, class: agentClass }, 0);
  }
  counters.restarts.reset();
  gauges.agentState.reset();
  gauges.agentContext.reset();
  gauges.agentEvidence.reset();
  for (const { project, name, class: agentClass, state, restarts, contextLeft, evidence } of summary.agents) {
    const agent = { project, agent: name };
    gauges.agents.inc({ state, class: agentClass });
    gauges.agentState.set({ ...agent, state }, 1);
    if (contextLeft !== undefined) gauges.agentContext.set(agent, contextLeft / 100);
    if (evidence !== undefined)
      gauges.agentEvidence.set({ ...agent, evidence: evidence.source }, evidence.ageMs / 1000);
    counters.restarts.inc(agent, restarts);
  }
  gauges.formerStuckAgents.set(summary.agents.filter(({ state }) => state === 'Stuck').length);
  setGit(gauges, summary.agents);
}

function setProjects(gauges: Instruments['gauges'], objects: Summary['objects']): void {
  gauges.projectPhase.reset();
  gauges.projectActive.reset();
  gauges.projectLeft.reset();
  for (const { name: project, phase, activeSeconds, leftSeconds } of objects) {
    gauges.projectPhase.set({ project, phase }, 1);
    if (activeSeconds !== undefined) gauges.projectActive.set({ project }, activeSeconds);
    if (leftSeconds !== undefined) gauges.projectLeft.set({ project }, leftSeconds);
  }
}

/** Of what is not known of an agent there is no series. */
function setGit({ gitAhead, gitBehind, gitDirty, gitCommittedAt }: Instruments['gauges'], agents: Summary['agents']) {
  for (const gauge of [gitAhead, gitBehind, gitDirty, gitCommittedAt]) gauge.reset();
  for (const { project, name: agent, git } of agents) {
    if (git === undefined) continue;
    const labels = { project, agent };
    const { ahead, behind, changed, untracked, lastCommitAt } = git;
    if (ahead !== undefined) gitAhead.set(labels, ahead);
    if (behind !== undefined) gitBehind.set(labels, behind);
    if (changed !== undefined || untracked !== undefined) gitDirty.set(labels, (changed ?? 0) + (untracked ?? 0));
    if (lastCommitAt !== undefined) gitCommittedAt.set(labels, Date.parse(lastCommitAt) / 1000);
  }
}
