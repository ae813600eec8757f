import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AgentStatus, ProjectStatus } from '../../../controller/api/generated/project.ts';
import type { InventoryEntry } from '../../../controller/api/inventory.ts';
import { agentUid, type StoredObject } from '../../../controller/api/metadata.ts';
import type { StateProblem } from '../../../controller/store/state/state-problem.ts';
import { createStateStore } from '../../../controller/store/state/state-store.ts';

export const NOW = Date.parse('2025-03-01T10:00:00.000Z');
const NOW_ISO = new Date(NOW).toISOString();

export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'muxlet-state-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The directory as a controller leaves it that is killed now; what is just being written may vanish meanwhile. */
export function killed(dir: string): string {
  const left = join(temporaryFolder(), 'state');
  for (let tries = 0; existsSync(dir); tries += 1) {
    try {
      cpSync(dir, left, { recursive: true, filter: (path) => !path.endsWith('.tmp') });
      return left;
    } catch (error) {
      if (tries === 20) throw error;
      rmSync(left, { recursive: true, force: true });
    }
  }
  return left;
}

/** A store over a directory, with a clock that stands still unless it is turned and lists of the problems and writes told. */
export function openStore(dir: string) {
  const clock = { now: NOW };
  const problems: StateProblem[] = [];
  const writes: string[] = [];
  const store = createStateStore({
    dir,
    now: () => clock.now,
    onProblem: (problem) => problems.push(problem),
    onWrite: (result) => writes.push(result),
  });
  return { store, clock, problems, writes };
}

function sampleAgent(project: string, name: string): AgentStatus {
  return {
    name,
    uid: agentUid(`uid-${project}`, name),
    class: 'shell',
    state: 'Busy',
    ready: true,
    restarts: 2,
    failures: 1,
    pid: 4711,
    processStart: '8812345',
    run: 'run-1',
    startedAt: NOW_ISO,
    hash: '0123456789abcdef',
    evidence: 'process',
    pane: { server: 'muxlet', session: '$1', window: '@2', id: '%3' },
    lastExit: { run: 'run-0', reason: 'Error', exitCode: 1, finishedAt: NOW_ISO, output: ['boom'] },
    termination: { reason: 'SpecChanged', stage: 'Term', since: NOW_ISO, stageSince: NOW_ISO },
  };
}

function sampleStatus(project: string): ProjectStatus {
  return {
    observedGeneration: 3,
    phase: 'Running',
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'Ready',
        message: 'all agents run',
        lastTransitionTime: NOW_ISO,
        observedGeneration: 3,
      },
    ],
    agents: ['dev', 'review', 'test'].map((name) => sampleAgent(project, name)),
    session: { server: 'muxlet', id: '$1', name: project },
  };
}

export function sampleObject(name: string, over: Partial<StoredObject> = {}): StoredObject {
  return {
    apiVersion: 'muxlet.dev/v1alpha1',
    kind: 'Project',
    metadata: {
      name,
      uid: `uid-${name}`,
      generation: 3,
      creationTimestamp: NOW_ISO,
      finalizers: ['muxlet.dev/session'],
      labels: { team: 'a' },
    },
    specHash: 'abcdef0123456789',
    status: sampleStatus(name),
    ...over,
  };
}

export const SAMPLE_ENTRY: InventoryEntry = {
  uid: 'uid-web',
  server: 'muxlet',
  agents: { dev: { graceMs: 10_000, finish: { keys: ['C-c'], timeoutSeconds: 5 } }, review: { graceMs: 500 } },
};
