import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { projectYaml, SLEEP, until } from '../../e2e/support/world.ts';
import type { Box } from './box.ts';

export interface Agent {
  readonly name: string;
  readonly pid?: number;
  readonly ready: boolean;
  readonly restarts: number;
}

export async function agents(box: Box): Promise<readonly Agent[]> {
  const { stdout } = await box.muxlet('get', 'project', 'web', '-o', 'json');
  return (JSON.parse(stdout) as { status: { agents: Agent[] } }).status.agents;
}

/** Installs and starts the service with a project of two agents; gives them once they run. */
export async function installed(box: Box, ...flags: string[]): Promise<readonly Agent[]> {
  writeFileSync(join(box.root, 'specs', 'web.yaml'), projectYaml('web', { dev: SLEEP, ops: SLEEP }));
  const { code, stderr } = await box.muxlet('service', 'install', ...flags, '--yes', '--listen', '127.0.0.1:0');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return ready(box);
}

export function ready(box: Box): Promise<readonly Agent[]> {
  return until('the agents run', async () => {
    const found = await agents(box);
    return found.length === 2 && found.every((agent) => agent.ready) ? found : undefined;
  });
}

export async function expectUntouched(box: Box, before: readonly Agent[]): Promise<void> {
  for (const { pid } of before) await box.must('kill', '-0', String(pid));
  expect(await agents(box)).toEqual(before);
}

export const pidOf = async (box: Box) => Number(await box.show(box.unit, 'MainPID'));

export function restarted(box: Box, from: number): Promise<number> {
  return until('another controller is ready', async () => {
    const pid = await pidOf(box);
    return pid > 0 && pid !== from && (await box.show(box.unit, 'ActiveState')) === 'active' ? pid : undefined;
  });
}
