import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueueStatus } from '../../../controller/api/generated/all.ts';
import { agentProcesses } from '../support/agents.ts';
import { projectYaml, type World } from '../support/world.ts';

/** A Queue as YAML (JSON is YAML). */
export function queueYaml(name: string, spec: Record<string, unknown>): string {
  return JSON.stringify({ apiVersion: 'muxlet.dev/v1alpha1', kind: 'Queue', metadata: { name }, spec });
}

/** A project of one agent that runs a script to its end, once. */
export function taskYaml(name: string, script: string, spec: Record<string, unknown> = {}): string {
  const agent = { command: ['sh', '-c', script], restartPolicy: 'Never' };
  return projectYaml(name, { main: agent }, { queue: 'night', ...spec });
}

/** A script that says when it begins and when it is about to end, in a file that all share. */
export function logging(world: World, name: string, body: string): string {
  const log = join(world.root, 'runs');
  return `echo "+ ${name}" >>${log}; ${body}; code=$?; echo "- ${name}" >>${log}; exit $code`;
}

export interface Runs {
  /** Names in the order in which they began. */
  readonly begun: readonly string[];
  readonly ended: readonly string[];
  /** How many ran at once, at most. */
  readonly most: number;
}

export function runsOf(world: World): Runs {
  let text = '';
  try {
    text = readFileSync(join(world.root, 'runs'), 'utf8');
  } catch {
    // None has begun.
  }
  const lines = text.split('\n').filter((line) => line !== '');
  let running = 0;
  let most = 0;
  for (const line of lines) {
    running += line.startsWith('+') ? 1 : -1;
    most = Math.max(most, running);
  }
  const named = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(2));
  return { begun: named('+'), ended: named('-'), most };
}

export function queueStatus(world: World, name = 'night'): QueueStatus | undefined {
  try {
    const text = readFileSync(join(world.state, 'status', 'queue', `${name}.json`), 'utf8');
    return (JSON.parse(text) as { status: QueueStatus }).status;
  } catch {
    return undefined;
  }
}

/** Projects of which an agent runs, by the processes themselves. */
export function running(world: World): number {
  return new Set(agentProcesses(world).map(({ uid }) => uid)).size;
}

export function admitted(world: World, project: string) {
  return world.status(project)?.status.conditions.find(({ type }) => type === 'Admitted');
}

/** Names in the order in which they were given slots. */
export function admissions(world: World): string[] {
  const lines = readFileSync(join(world.state, 'events.ndjson'), 'utf8').trim().split('\n');
  const events = lines.map(
    (line) => JSON.parse(line) as { reason: string; involvedObject?: { kind: string; name: string } },
  );
  return events.filter(({ reason }) => reason === 'Admitted').map(({ involvedObject }) => involvedObject?.name ?? '');
}
