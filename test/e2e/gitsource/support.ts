import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GitSourceStatus } from '../../../controller/api/generated/all.ts';
import { makeRepository, type Repository } from '../../support/repository.ts';
import { projectYaml, SLEEP, until, type World } from '../support/world.ts';

export function sourceYaml(name: string, spec: Record<string, unknown>): string {
  return JSON.stringify({ apiVersion: 'muxlet.dev/v1alpha1', kind: 'GitSource', metadata: { name }, spec });
}

export function repositoryIn(world: World, name = 'repository'): Repository {
  return makeRepository(join(world.root, name));
}

/** A project of one agent that sleeps, its number in its arguments. */
export function sleeper(name: string, seconds: number = 100_000): string {
  return projectYaml(name, { dev: { command: seconds === 100_000 ? [...SLEEP] : ['sleep', String(seconds)] } });
}

export function sourceStatus(world: World, name = 'team'): GitSourceStatus | undefined {
  try {
    const text = readFileSync(join(world.state, 'status', 'gitsource', `${name}.json`), 'utf8');
    return (JSON.parse(text) as { status: GitSourceStatus }).status;
  } catch {
    return undefined;
  }
}

export function readyOf(world: World, name = 'team') {
  return sourceStatus(world, name)?.conditions.find(({ type }) => type === 'Ready');
}

/** Waits until the commit is in force. */
export async function inForce(world: World, commit: string, name = 'team'): Promise<void> {
  await until(`${commit} is in force`, () => sourceStatus(world, name)?.revision?.endsWith(`:${commit}`));
}

export async function pidOf(world: World, project: string): Promise<number> {
  await world.ready(project);
  return until(`the agent of ${project} has a process`, () => world.agent(project, 'dev')?.pid);
}
