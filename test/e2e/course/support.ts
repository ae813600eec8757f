import type { ProjectStatus, RunStatus } from '../../../controller/api/generated/all.ts';
import { until, type World } from '../support/world.ts';

type Stage = RunStatus['stage'];

export function runOf(world: World, project: string): RunStatus | undefined {
  return world.status(project)?.status.run;
}

/** Waits for a stage of the present attempt, and gives the status with it. */
export function stage(world: World, project: string, wanted: Stage, timeoutMs = 20_000): Promise<ProjectStatus> {
  return until(
    `${project} is ${wanted}`,
    () => {
      const status = world.status(project)?.status;
      return status?.run?.stage === wanted ? status : Promise.reject(new Error(JSON.stringify(status?.run)));
    },
    timeoutMs,
  );
}

/** Writes down each phase that the project's status goes through, as far as it is seen. */
export function followPhases(world: World, project: string): { readonly seen: readonly string[]; end(): void } {
  const seen: string[] = [];
  const timer = setInterval(() => {
    const phase = world.status(project)?.status.phase;
    if (phase !== undefined && phase !== seen.at(-1)) seen.push(phase);
  }, 20);
  return {
    seen,
    end() {
      clearInterval(timer);
    },
  };
}

/** Reasons of the project's events, with how often they came. */
export async function reasons(world: World, project: string): Promise<Record<string, number>> {
  const { stdout } = await world.muxlet('events', '--for', `project/${project}`, '-o', 'json');
  const { items } = JSON.parse(stdout) as { items: { reason: string; count: number }[] };
  const counts: Record<string, number> = {};
  for (const { reason, count } of items) counts[reason] = (counts[reason] ?? 0) + count;
  return counts;
}
