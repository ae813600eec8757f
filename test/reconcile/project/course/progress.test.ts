import { expect, test } from 'vitest';
import type { Look } from '../../../../controller/api/look.ts';
import type { GitFacts } from '../../../../controller/api/workspace.ts';
import { NOW, type SmallWorld, smallWorld, step } from './small-world.ts';

const HALF_AN_HOUR_MS = 1_800_000;

/** HEAD of the work tree of `a` moved at this time. */
function movedAt(world: SmallWorld, at: number): void {
  const value: GitFacts = {
    status: { branch: 'main', head: 'c1', changed: 0, untracked: 0 },
    commits: [],
    movedAt: at,
  };
  const look: Look<GitFacts> = { state: 'Known', at: world.now, value };
  world.seen = { git: new Map([['a', look]]) };
}

function progress(world: SmallWorld, ms: number) {
  return step(world, ms).status.conditions.find(({ type }) => type === 'Progressing');
}

test('a commit that was there before the agent is no sign of it', () => {
  const world = smallWorld();
  movedAt(world, NOW - 1000);
  step(world, 10);
  expect(progress(world, 10)).toMatchObject({ status: 'True', message: 'seen by: start' });
  expect(progress(world, HALF_AN_HOUR_MS)).toMatchObject({ status: 'Unknown', reason: 'NoProgress' });
  movedAt(world, world.now - 1000);
  expect(progress(world, 10)).toMatchObject({ status: 'True', message: 'seen by: commits' });
});

test('where no agent was started yet, nothing is said of progress', () => {
  const world = smallWorld();
  movedAt(world, NOW - 1000);
  expect(progress(world, 10)).toBeUndefined();
});

test('where HEAD stood before a run is no heartbeat of it', () => {
  const world = smallWorld({ spec: { deadline: { after: '1h' } } });
  const beat = () => step(world, 60_000).status.run?.heartbeatAt;
  movedAt(world, NOW - 1000);
  step(world, 10);
  expect([beat(), beat()]).toEqual([undefined, undefined]);
  movedAt(world, world.now);
  expect(beat()).toBe(new Date(world.now - 60_000).toISOString());
});
