import { expect, test } from 'vitest';
import type { Desired } from '../../controller/api/desired.ts';
import type { Attempt, ProjectStatus, RunStatus } from '../../controller/api/generated/all.ts';
import type { SeenProject } from '../../controller/runtime/project-worker.ts';
import { courseFigures } from '../../controller/wiring/course-figures.ts';

const at = (minute: number): string => new Date(Date.UTC(2030, 0, 1, 0, minute)).toISOString();

function status(run: Partial<RunStatus>, attempts: readonly Attempt[] = []): ProjectStatus {
  const whole = { attempt: 1, stage: 'Active', stageSince: at(0), activeSeconds: 0, extensions: 0, ...run } as const;
  return { observedGeneration: 1, phase: 'Running', conditions: [], agents: [], run: whole, attempts: [...attempts] };
}

const DESIRED = { type: 'Present', project: { course: { size: 'large' } } } as Desired;

function figures() {
  const told: string[] = [];
  const see = courseFigures({
    onAttempt: (result, reason) => told.push(`${result} ${reason}`),
    onExtension: () => told.push('extended'),
    onFinished: (result, size, ms) => told.push(`${result} ${size} after ${ms === undefined ? '-' : ms / 60_000}`),
  });
  return {
    told,
    see: (previous: ProjectStatus | undefined, now: ProjectStatus) =>
      see({ desired: DESIRED, previous, status: now } as SeenProject),
  };
}

const FAILED: Attempt = { attempt: 1, result: 'Failed', reason: 'AgentFailed', startedAt: at(0), finishedAt: at(3) };
const DONE: Attempt = { attempt: 2, result: 'Completed', reason: 'Completed', startedAt: at(5), finishedAt: at(10) };

test('extensions, attempts and results are counted once, when they come', () => {
  const { told, see } = figures();
  const steps = [
    status({}),
    status({ extensions: 2 }),
    status({ stage: 'BackingOff', extensions: 2 }, [FAILED]),
    status({ attempt: 2 }, [FAILED]),
    status({ attempt: 2, stage: 'Finished', result: 'Completed' }, [FAILED, DONE]),
    status({ attempt: 2, stage: 'Finished', result: 'Completed' }, [FAILED, DONE]),
  ];
  for (const [index, step] of steps.entries()) see(steps[index - 1], step);
  expect(told).toEqual([
    'extended',
    'extended',
    'Failed AgentFailed',
    'Completed Completed',
    'Completed large after 10',
  ]);
});

test('a controller that begins counts nothing that was there before it', () => {
  const { told, see } = figures();
  const before = status({ stage: 'Finished', result: 'Completed', extensions: 3 }, [FAILED, DONE]);
  see(before, before);
  expect(told).toEqual([]);
});
