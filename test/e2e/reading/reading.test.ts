import { expect, test } from 'vitest';
import { holds, until, type World, withWorld } from '../support/world.ts';
import { standIns } from './support.ts';

// A stand-in does what coding agents do; how that is read stands in its AgentClass alone.

const BOX = ['', '> '];

function condition(world: World, type: string) {
  return world.status('web')?.status.conditions.find((candidate) => candidate.type === type);
}

async function events(world: World, reason: string): Promise<{ message: string; count: number }[]> {
  const { stdout } = await world.muxlet('events', '-o', 'json');
  const { items } = JSON.parse(stdout) as { items: { reason: string; message: string; count: number }[] };
  return items.filter((event) => event.reason === reason);
}

test('an agent is Starting until a source says more, and Unknown if none ever does, which is said once', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = standIns(world, ['dev']);
    await dev?.shown({ state: 'Starting', ready: false });
    await dev?.shown({ state: 'Unknown', reason: 'NoEvidence', ready: false });
    await until('it is said', async () => (await events(world, 'NoEvidence')).length === 1);
    expect((await events(world, 'NoEvidence'))[0]?.message).toMatch(/^agent dev: NoEvidence: none of the sources/);
    dev?.does({ screen: BOX });
    await dev?.shown({ state: 'Idle', evidence: 'screen', rule: 'ready' });
    dev?.does({ screen: ['?'] });
    // It has shown itself: what it does now is not known, that it is there is.
    await dev?.shown({ state: 'Unknown', reason: 'NoEvidence', ready: true });
    expect(await events(world, 'NoEvidence')).toMatchObject([{ count: 1 }]);
  }));

test('what it does is shown by the most trusted source that knows', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = standIns(world, ['dev']);
    dev?.does({ screen: BOX }, { title: '- dev\twith a tab' });
    await dev?.shown({ state: 'Idle' });
    const path = dev?.hooks();
    dev?.does({ hook: { path, event: 'SessionStart', session_id: 'one' } });
    dev?.does({ hook: { path, event: 'Prompt', prompt: 'build it', session_id: 'one' } }, { title: '* dev' });
    await dev?.shown({ state: 'Busy', evidence: 'hook', rule: 'prompt', conversation: 'one' });
    dev?.does({ hook: { path, event: 'Stop', tasks: ['make'] } });
    await dev?.shown({ state: 'Busy', reason: 'BackgroundWork' });
    dev?.does({ hook: { path, event: 'Stop', tasks: [] } }, { title: '- dev' });
    await dev?.shown({ state: 'Idle', rule: 'stop' });
    const transcript = `${world.root}/dev-1.jsonl`;
    dev?.does({ hook: { path, event: 'Prompt', prompt: 'again', session_id: 'one' } }, { title: '* dev' });
    await dev?.shown({ state: 'Busy' });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    dev?.does({ transcript: { path: transcript, type: 'aborted' } }, { title: '- dev' });
    await dev?.shown({ state: 'Idle', reason: 'Interrupted', evidence: 'transcript' });
    const { pid } = dev?.status() ?? {};
    dev?.does({ file: { path: `${world.root}/dev.state.json`, pid, status: 'busy' } });
    await dev?.shown({ state: 'Busy', evidence: 'file' });
    const { stdout } = await world.muxlet('get', 'agents', '-o', 'wide');
    expect(stdout).toMatch(/EVIDENCE/);
  }));

test('[S58] [S122] a permission prompt is Waiting, said once, no failure, and no key is typed', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = standIns(world, ['dev', 'other']);
    dev?.does({ screen: BOX });
    await dev?.shown({ state: 'Idle' });
    dev?.does({ hook: { path: dev.hooks(), event: 'Permission', tool: 'Bash' } });
    await dev?.shown({ state: 'Waiting', reason: 'PermissionPrompt', message: 'it asks to use Bash', ready: true });
    await until('the project says so', () => condition(world, 'WaitingForInput')?.status === 'True');
    expect(condition(world, 'WaitingForInput')).toMatchObject({
      reason: 'WaitingForInput',
      message: 'dev: PermissionPrompt: it asks to use Bash',
    });
    await holds('it is left alone', 2500, () => dev?.status()?.state === 'Waiting' && dev.status()?.restarts === 0);
    expect(await events(world, 'WaitingForInput')).toEqual([
      expect.objectContaining({ message: 'agent dev: PermissionPrompt: it asks to use Bash', count: 1 }),
    ]);
    expect(dev?.keys()).toBe('');
    dev?.does({ hook: { path: dev.hooks(), event: 'Stop', tasks: [] } });
    await dev?.shown({ state: 'Idle' });
    await until('nobody waits any more', () => condition(world, 'WaitingForInput')?.status === 'False');
  }));

test('[S55] what a command below an agent does changes nothing: its state is what its sources say', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = standIns(world, ['dev']);
    dev?.does({ screen: ['$ npm test', 'esc to interrupt'] });
    await dev?.shown({ state: 'Busy', evidence: 'screen' });
    await holds('it runs on', 1500, () => dev?.status()?.state === 'Busy' && dev.status()?.restarts === 0);
  }));

test('[S56] [S57] [S98] an idle agent and one that builds in silence are left as they are, and tell nothing', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev, ops] = standIns(world, ['dev', 'ops']);
    dev?.does({ screen: BOX });
    await dev?.shown({ state: 'Idle' });
    await ops?.shown({ state: 'Starting' });
    ops?.does({ hook: { path: ops.hooks(), event: 'Prompt', prompt: 'build', session_id: 'b' } });
    await ops?.shown({ state: 'Busy' });
    await until('the project is ready', () => condition(world, 'Ready')?.status === 'True');
    const before = (await world.muxlet('events', '-o', 'json')).stdout;
    const version = JSON.stringify(world.status('web')?.status);
    await holds('nothing changes', 7000, () => JSON.stringify(world.status('web')?.status) === version);
    expect((await world.muxlet('events', '-o', 'json')).stdout).toBe(before);
  }));

test("[S126] an old text, or the person's own, is no limit; what stands at the bottom is", () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = standIns(world, ['dev']);
    const text = 'You have hit your usage limit · resets at 11pm (UTC)';
    dev?.does({ screen: [text, '', '> go on', 'All is well again.', '', '> '] });
    await dev?.shown({ state: 'Idle' });
    dev?.does({ screen: ['> why', 'Nothing.', '', `> ${text}`] });
    await holds('what is typed is no limit', 2500, () => dev?.status()?.state === 'Idle');
    dev?.does({ screen: ['> go on', text, '', '> '] });
    await dev?.shown({ state: 'Limited', reason: 'UsageLimit', message: text, ready: true });
    expect(await events(world, 'Limited')).toHaveLength(1);
    dev?.does({ screen: ['> go on', text, '', '> try now', 'Done.', '', '> '] });
    await dev?.shown({ state: 'Idle' });
  }));

test('records of a sub-agent or a nested run are none of the agent', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = standIns(world, ['dev']);
    dev?.does({ screen: BOX });
    await dev?.shown({ state: 'Idle' });
    const path = dev?.hooks();
    dev?.does({ hook: { path, event: 'Prompt', prompt: 'go', session_id: 'own' } });
    await dev?.shown({ state: 'Busy', conversation: 'own' });
    dev?.does({ hook: { path, event: 'Stop', tasks: [], session_id: 'nested' } });
    await holds('it is busy', 2500, () => dev?.status()?.state === 'Busy');
    dev?.does({ hook: { path, event: 'Stop', tasks: [], session_id: 'own' } });
    await dev?.shown({ state: 'Idle', conversation: 'own' });
  }));

test('what hooks recorded while no controller ran is not lost, nor is it by a record that was cut off', () =>
  withWorld(async (world) => {
    const first = await world.start();
    const [dev] = standIns(world, ['dev']);
    dev?.does({ screen: BOX });
    await dev?.shown({ state: 'Idle' });
    const { run } = dev?.status() ?? {};
    await first.end('SIGKILL');
    const path = dev?.hooks();
    dev?.does({ hook: { path, event: 'Prompt', prompt: 'go', session_id: 'own' } });
    dev?.does({ raw: { path, text: '\u001e1699999 {"event":"Pro' } });
    dev?.does({ hook: { path, event: 'Permission', tool: 'Write' } });
    await world.start();
    await dev?.shown({ state: 'Waiting', reason: 'PermissionPrompt', conversation: 'own' });
    expect(dev?.status()).toMatchObject({ run, restarts: 0 });
  }));

test('sources that contradict one another make it Unknown, and nothing is done to the agent', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = standIns(world, ['dev']);
    await dev?.shown({ state: 'Starting', evidence: 'process' });
    const { pid, run } = dev?.status() ?? {};
    dev?.does({ file: { path: `${world.root}/dev.state.json`, pid, status: 'idle' } });
    await dev?.shown({ state: 'Idle', evidence: 'file' });
    dev?.does({ title: '* dev' }, { screen: ['esc to interrupt'] });
    await dev?.shown({ state: 'Unknown', reason: 'SourcesDisagree' });
    await holds('it runs on', 2000, () => dev?.status()?.run === run && dev?.status()?.restarts === 0);
    dev?.does({ file: { path: `${world.root}/dev.state.json`, pid, status: 'busy' } });
    await dev?.shown({ state: 'Busy' });
    dev?.does({ exit: 1 });
    await until('the next run knows nothing of it', () => dev?.status()?.restarts === 1);
    await dev?.shown({ state: 'Unknown', reason: 'NoEvidence' });
  }));
