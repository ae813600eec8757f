import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentClassStatus } from '../../../controller/api/generated/all.ts';
import { until, type World } from '../support/world.ts';

/** An AgentClass as YAML. */
export function classYaml(name: string, spec: Record<string, unknown>): string {
  return JSON.stringify({ apiVersion: 'muxlet.dev/v1alpha1', kind: 'AgentClass', metadata: { name }, spec });
}

/** Puts a program on the PATH of the world, which must not have been started yet. */
export function program(world: World, name: string, text: string): string {
  const folder = join(world.root, 'bin');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  if (!world.env['PATH']?.startsWith(folder)) world.env['PATH'] = `${folder}:${world.env['PATH'] ?? ''}`;
  return path;
}

export function classStatus(world: World, name: string): AgentClassStatus | undefined {
  try {
    const text = readFileSync(join(world.state, 'status', 'agentclass', `${name}.json`), 'utf8');
    return (JSON.parse(text) as { status: AgentClassStatus }).status;
  } catch {
    return undefined;
  }
}

export function conditionOf(status: { readonly conditions: AgentClassStatus['conditions'] } | undefined, type: string) {
  return status?.conditions.find((condition) => condition.type === type);
}

/** Waits until a condition of the class has the reason. */
export function classReason(world: World, name: string, type: string, reason: string) {
  return until(
    `${type} of class ${name} is ${reason}`,
    () =>
      conditionOf(classStatus(world, name), type)?.reason === reason ||
      Promise.reject(new Error(JSON.stringify(classStatus(world, name)))),
  );
}
