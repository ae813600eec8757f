import { expect, test } from 'vitest';
import { RUN, started } from './reader-world.ts';

test('of an agent that certainly rests the screen says how much of its context is left, and nothing of its state', async () => {
  const world = await started();
  world.hook({ event: 'Stop' });
  await world.pass(1500);
  world.seen.screen = ['7% left'];
  world.show(' ');
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Idle', contextLeft: 7 });
  const before = world.seen.captures;
  await world.pass(20_000);
  expect(world.seen.captures).toBe(before);
  world.seen.screen = ['Really?'];
  world.show('  ');
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Idle', contextLeft: 7 });
});

test('the screen is looked at where nothing better decides, and only after new output', async () => {
  const world = await started();
  await world.pass(3000);
  const before = world.seen.captures;
  expect(before).toBeGreaterThan(0);
  await world.pass(20_000);
  expect(world.seen.captures).toBe(before);
  world.seen.screen = ['Really?'];
  world.show('');
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Waiting', reason: 'Question', evidence: 'screen' });
  world.seen.files.set('/state/12.json', { status: 'busy' });
  await world.pass(6000);
  const then = world.seen.captures;
  world.show('');
  await world.pass(3000);
  expect(world.result()?.state).toBe('Busy');
  expect(world.seen.captures).toBe(then);
});

test('a title that the run before it left in the pane says nothing of the next', async () => {
  const world = await started();
  world.show('* busy');
  await world.pass(1500);
  expect(world.result()?.state).toBe('Busy');
  world.look(RUN, { dead: true });
  expect(world.result()).toBeUndefined();
  const next = `${world.clock.now()}-bb`;
  world.show('* busy', 13);
  world.look(next, { pid: 13 });
  await world.pass(3000);
  expect(world.result()).toMatchObject({ state: 'Starting', run: next });
  world.show('* busier', 13);
  await world.pass(1500);
  expect(world.result()?.state).toBe('Busy');
});

test('what stands in the pane of another process is not the run’s', async () => {
  const world = await started();
  world.show('* busy', 99);
  await world.pass(3000);
  expect(world.result()?.state).toBe('Starting');
});

test('one that was closed reads no more', async () => {
  const world = await started();
  world.reader.close();
  world.hook({ event: 'Prompt', text: 'go', id: 'one' });
  await world.pass(5000);
  expect(world.result()).toBeUndefined();
  expect(world.clock.timers()).toBe(0);
});
