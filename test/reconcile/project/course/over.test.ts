import { expect, test } from 'vitest';
import { end, settle, smallWorld, step } from './small-world.ts';

test('a project that failed says why, also once its session is gone', () => {
  const world = smallWorld({ policy: 'Never', spec: { sessionAfterFinished: 'End' } });
  settle(world);
  end(world, 'a', 0);
  end(world, 'b', 1);
  const { status } = settle(world);
  const condition = (type: string) => status.conditions.find((one) => one.type === type);
  expect(status).toMatchObject({ phase: 'Failed' });
  expect(world.hasSession).toBe(false);
  expect(condition('SessionUp')).toMatchObject({
    status: 'False',
    reason: 'Failed',
    message: 'all agents ended for good',
  });
  expect(condition('Ready')).toMatchObject({ status: 'False', reason: 'Failed' });
  expect(condition('Ready')?.message).toMatch(/^b: exited with 1/);
});

test('a project whose time is over says how long its agents have, and how they get more', () => {
  const deadline = { after: '1h', extensions: 0, grace: '5m' };
  const world = smallWorld({ spec: { deadline } });
  settle(world);
  for (let minutes = 0; minutes < 61; minutes += 1) step(world, 60_000);
  expect(world.status?.run?.stage).toBe('TimingOut');
  const said =
    'its time is over; its agents were asked to save and report, and are ended 5m after that; a later spec.deadline.after lets them go on';
  for (const type of ['Ready', 'WithinDeadline']) {
    expect(world.status?.conditions).toContainEqual(
      expect.objectContaining({ type, status: 'False', reason: 'DeadlineExceeded', message: said }),
    );
  }
});
