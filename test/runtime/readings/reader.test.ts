import { expect, test } from 'vitest';
import { RUN, START, started } from './reader-world.ts';

test('a run of which nothing is known is Starting, and after its time Unknown', async () => {
  const world = await started();
  expect(world.result()).toMatchObject({ state: 'Starting', run: RUN });
  await world.pass(31_000);
  expect(world.result()).toMatchObject({ state: 'Unknown', reason: 'NoEvidence' });
});

test('who was started with a prompt is Starting until a record says that it was taken, though it already rests', async () => {
  const world = await started({ promptGiven: true });
  world.seen.files.set('/state/12.json', { status: 'idle' });
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Starting', reason: 'Starting' });
  world.seen.files.set('/state/12.json', { status: 'busy' });
  await world.pass(6000);
  expect(world.result()).toMatchObject({ state: 'Starting' });
  world.hook({ event: 'Prompt', text: 'of the run before' }, START - 5000);
  await world.pass(1500);
  expect(world.result()).toMatchObject({ state: 'Starting' });
  world.hook({ event: 'Prompt', text: 'go' });
  await world.pass(1500);
  expect(world.result()).toMatchObject({ state: 'Busy' });
});

test('a turn that ended proves it as well, and after its time the start is over without any proof', async () => {
  const told = await started({ promptGiven: true });
  told.hook({ event: 'Stop' });
  await told.pass(1500);
  expect(told.result()).toMatchObject({ state: 'Idle', rule: 'stop' });
  const untold = await started({ promptGiven: true });
  untold.seen.files.set('/state/12.json', { status: 'idle' });
  await untold.pass(29_000);
  expect(untold.result()).toMatchObject({ state: 'Starting' });
  await untold.pass(1500);
  expect(untold.result()).toMatchObject({ state: 'Idle' });
});

test('a dialog is shown before the first prompt was taken', async () => {
  const world = await started({ promptGiven: true });
  world.seen.screen = ['Really?'];
  world.show(' ');
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Waiting', reason: 'Question' });
});

test('who is idle with unfinished work is Busy until the last of it ends, which is seen though nothing else moves', async () => {
  const world = await started();
  world.hook({ event: 'Task', task: 'a' });
  world.hook({ event: 'Task', task: 'b' });
  world.hook({ event: 'Stop' });
  await world.pass(1500);
  const working = { state: 'Busy', reason: 'BackgroundWork', evidence: 'hook', rule: 'task', turns: { last: 'Ends' } };
  expect(world.result()).toMatchObject(working);
  await world.pass(20_000);
  world.hook({ event: 'TaskEnd', task: 'b' });
  world.hook({ event: 'TaskEnd', task: 'nobody' });
  await world.pass(1500);
  expect(world.result()).toMatchObject(working);
  await world.pass(20_000);
  world.hook({ event: 'TaskEnd', task: 'a' });
  world.hook({ event: 'Task', task: 'a' }, START + 50);
  await world.pass(1500);
  expect(world.result()).toMatchObject({ state: 'Idle', rule: 'stop' });
});

test('a state file that follows a record is read again a moment later', async () => {
  const world = await started();
  world.seen.files.set('/state/12.json', { status: 'idle' });
  await world.pass(9000);
  expect(world.result()).toMatchObject({ state: 'Idle' });
  world.seen.tellFolder();
  await world.pass(100);
  world.seen.files.set('/state/12.json', { status: 'busy' });
  expect(world.result()).toMatchObject({ state: 'Idle' });
  await world.pass(400);
  expect(world.result()).toMatchObject({ state: 'Busy' });
});

test('a change is told within two seconds, and what stays the same is not told', async () => {
  const world = await started();
  world.hook({ event: 'Prompt', text: 'go', id: 'one' });
  const told = world.hints.length;
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Busy', conversation: 'one', turns: { last: 'Begins' } });
  expect(world.hints.length).toBe(told + 1);
  world.show('');
  await world.pass(20_000);
  expect(world.hints.length).toBe(told + 1);
});

test('even one that nothing hints at, of an agent at rest, is seen with the next slow round', async () => {
  const world = await started();
  await world.pass(20_000);
  world.seen.files.set('/state/12.json', { status: 'busy' });
  await world.pass(6000);
  expect(world.result()).toMatchObject({ state: 'Busy', evidence: 'file' });
});

test('records of an earlier run, or of another conversation, are none of it', async () => {
  const world = await started();
  world.hook({ event: 'Prompt', text: 'old', id: 'zero' }, START - 5000);
  world.hook({ event: 'Prompt', text: 'go', id: 'one' });
  world.hook({ event: 'Stop', id: 'nested' }, START + 500);
  await world.pass(2000);
  expect(world.result()).toMatchObject({ state: 'Busy', conversation: 'one' });
  expect(world.result()?.turns.prompts.map(({ text }) => text)).toEqual(['go']);
});

test('what the program keeps for its own process tells that its conversation is another by now', async () => {
  const world = await started();
  world.hook({ event: 'Prompt', text: 'go', id: 'one' });
  await world.pass(1500);
  world.seen.files.set('/state/12.json', { status: 'busy', session: 'two' });
  await world.pass(1500);
  world.hook({ event: 'Stop', id: 'two' });
  await world.pass(1500);
  expect(world.result()).toMatchObject({ conversation: 'two', turns: { last: 'Ends' } });
});

test('a record that says so tells that its conversation is another by now, and no other does', async () => {
  const world = await started();
  world.hook({ event: 'Prompt', text: 'go', id: 'one' });
  world.hook({ event: 'Clear', id: 'two' });
  world.hook({ event: 'Stop', id: 'two' });
  world.hook({ event: 'Prompt', text: 'nested', id: 'three' });
  await world.pass(1500);
  expect(world.result()).toMatchObject({ conversation: 'two', turns: { last: 'Ends', prompts: [{ text: 'go' }] } });
});

test('evidence that holds for a while expires by itself', async () => {
  const world = await started();
  world.hook({ event: 'Blip' });
  await world.pass(2000);
  expect(world.result()?.state).toBe('Busy');
  await world.pass(9000);
  expect(world.result()?.state).toBe('Starting');
});
