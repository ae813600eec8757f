import { createHmac } from 'node:crypto';
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

export const SECRET = 'secret-of-the-webhook';

/** A server says that something was pushed; what it is answered. */
export async function push(
  address: string,
  name = 'team',
  { secret = SECRET, body = '{"ref":"refs/heads/main"}' } = {},
) {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const response = await fetch(`${address}/hooks/gitsource/${name}`, {
    method: 'POST',
    body,
    headers: { 'x-hub-signature-256': `sha256=${signature}` },
  });
  return `${response.status} ${await response.text()}`;
}

/** The same, and waits until what was looked at then has become of it what `look` says. */
export async function pushUntil(
  world: World,
  address: string,
  look: (status: GitSourceStatus) => boolean,
): Promise<void> {
  await push(address);
  await until(
    'the push has had its effect',
    () => {
      const status = sourceStatus(world);
      return status !== undefined && look(status);
    },
    30_000,
  );
}

export const isReason = (reason: string) => (status: GitSourceStatus) =>
  status.conditions.some((condition) => condition.type === 'Ready' && condition.reason === reason);
export const isInForce = (commit: string) => (status: GitSourceStatus) =>
  status.revision?.endsWith(`:${commit}`) === true && isReason('RevisionTaken')(status);
