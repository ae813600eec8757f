import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { projectYaml, type Running, SLEEP, until, type World } from './world.ts';

/** What tests ask of an agent again and again. */
export interface AgentNow {
  readonly pid: number | undefined;
  readonly ready: boolean;
  readonly restarts: number;
  readonly pane: string | undefined;
}

/** A controller with one ready project of three agents in windows of their own: dev, ops, test. */
export async function startTeam(world: World, project = 'web'): Promise<Running> {
  const controller = await world.start();
  world.spec(`${project}.yaml`, projectYaml(project, { dev: SLEEP, ops: SLEEP, test: SLEEP }));
  await world.ready(project);
  return controller;
}

export function teamOf(world: World, project = 'web'): Readonly<Record<string, AgentNow>> {
  const agents = world.status(project)?.status.agents ?? [];
  return Object.fromEntries(
    agents.map(({ name, pid, ready, restarts, pane }) => [name, { pid, ready, restarts, pane: pane?.id }]),
  );
}

/** The windows of a session as a person sees them: index, name, and whether the pane's process runs. */
export async function windowsOf(world: World, session = 'web'): Promise<string[]> {
  const lines = await world.tmux('list-windows', '-t', `=${session}:`, '-F', '#{window_index} #{window_name}');
  return lines.split('\n');
}

/** Waits until the session holds one window an agent in the declared order, each with the pane that the status names. */
export async function inOrder(world: World, agents: readonly string[], project = 'web'): Promise<void> {
  await until(`the windows of ${project} are ${agents.join(', ')}`, async () => {
    const format = '#{window_name} #{pane_id} #{pane_pid} #{pane_dead}';
    const lines = await world.tmux('list-panes', '-s', '-t', `=${project}:`, '-F', format);
    const now = teamOf(world, project);
    const wanted = agents.map((name) => `${name} ${now[name]?.pane} ${now[name]?.pid} 0`);
    if (lines !== wanted.join('\n')) throw new Error(`${lines}\ninstead of\n${wanted.join('\n')}`);
    return Object.values(now).every(({ ready }) => ready);
  });
}

/** The state letter of a process in /proc, or undefined if there is none (proc(5)). */
function processState(pid: number | undefined): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3);
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number | undefined): boolean {
  const state = processState(pid);
  return state !== undefined && state !== 'Z' && state !== 'X';
}

export async function serverPid(world: World): Promise<number> {
  return Number(await world.tmux('display-message', '-p', '#{pid}'));
}

/** Every agent as it was: same process, no restart. */
export function expectUntouched(world: World, before: Readonly<Record<string, AgentNow>>, project = 'web'): void {
  expect(teamOf(world, project)).toEqual(before);
  for (const { pid } of Object.values(before)) expect(isAlive(pid)).toBe(true);
}
