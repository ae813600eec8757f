import type { AgentRow, Facts, ProjectRow, QueueRow } from '../../../controller/cli/top/facts.ts';
import { firstModel, type Model } from '../../../controller/cli/top/model.ts';

export const NOW = Date.parse('2026-03-01T12:00:00.000Z');

export function agentRow(name: string, more: Partial<AgentRow> = {}): AgentRow {
  const [project = '', agent = ''] = name.split('.');
  return {
    name,
    project,
    agent,
    uid: `uid-${agent}`,
    class: 'shell',
    role: '',
    state: 'Busy',
    reason: '',
    message: '',
    evidence: 'hook',
    evidenceAt: NOW - 3000,
    startedAt: NOW - 60_000,
    restarts: 0,
    usage: { cpu: 1.5, memory: 4_000_000, processes: 2 },
    branch: 'main',
    ahead: 2,
    dirty: 0,
    commitAt: NOW - 600_000,
    mail: { waiting: 1, delivered: 4 },
    ...more,
  };
}

export function projectRow(name: string, more: Partial<ProjectRow> = {}): ProjectRow {
  return {
    name,
    phase: 'Running',
    ready: 1,
    wanted: 2,
    reason: '',
    message: '',
    queue: '',
    restarts: 0,
    mail: { waiting: 0, delivered: 0 },
    left: '',
    ...more,
  };
}

export function queueRow(name: string, more: Partial<QueueRow> = {}): QueueRow {
  return { name, running: 1, max: 3, waiting: 2, state: 'Active', breaker: 'Closed', head: 'x', message: '', ...more };
}

export function factsOf(agents: readonly AgentRow[], more: Partial<Facts> = {}): Facts {
  return {
    at: NOW,
    controller: 1,
    asOf: NOW - 1000,
    agents,
    projects: [projectRow('web'), projectRow('shop', { queue: 'nightly' })],
    queues: [queueRow('nightly')],
    unreadable: '',
    ...more,
  };
}

export function modelOf(more: Partial<Model> = {}): Model {
  return { ...firstModel('Agents', {}), ...more };
}
