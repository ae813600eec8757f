import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { classReason } from '../health/support.ts';
import { holds, until, withWorld } from '../support/world.ts';
import { delivered, message, send, talkers, textOf, waitsFor } from './support.ts';

test('[S92] [S129] [S130] after a limit an agent that stands there is told once to go on, before all else that waits, whoever was killed', () =>
  withWorld(async (world) => {
    let running = await world.start();
    const checkIns = [{ every: '2s', text: 'how is it?' }];
    const limits = { fallbackMinutes: 0.25, goOn: 'go on' };
    const [dev] = await talkers(world, ['dev'], { class: { limits }, agents: { dev: { checkIns } } });
    dev?.mode('limit');
    await classReason(world, 'talker', 'WithinLimits', 'UsageLimit');
    const said = dev?.prompts().length ?? 0;
    const mine = await send(world, 'web/dev', 'mine', '--priority', '5');
    await waitsFor(world, mine, 'UsageLimit');
    await running.end('SIGKILL');
    running = await world.start();
    await waitsFor(world, mine, 'UsageLimit');
    await holds('nobody is spoken to', 2000, () => dev?.prompts().length === said);
    await until('it is told to go on', () => dev?.bytes().includes('go on'), 25_000);
    await running.end('SIGKILL');
    await world.start();
    await delivered(world, mine, 20_000);
    const after = (dev?.prompts() ?? []).slice(said).map(textOf);
    expect(after.slice(0, 2)).toEqual(['go on', 'mine']);
    expect(message(world, mine)?.targets[0]?.tries).toBe(0);
    await until('the check-ins go on', () => (dev?.prompts().length ?? 0) > said + 2);
    await holds('once', 4000, () => dev?.prompts().filter((text) => textOf(text) === 'go on').length === 1);
  }));

test('[S92] where a person is to say when, nobody is told anything after a limit', () =>
  withWorld(async (world) => {
    await world.start();
    const limits = { fallbackMinutes: 0.02, policy: 'wait' };
    const [dev] = await talkers(world, ['dev'], { class: { limits } });
    dev?.mode('limit');
    await classReason(world, 'talker', 'WithinLimits', 'UsageLimit');
    const mine = await send(world, 'web/dev', 'mine');
    await classReason(world, 'talker', 'WithinLimits', 'WithinLimits');
    await waitsFor(world, mine, 'UsageLimit');
    await holds('nothing is typed', 2000, () => dev?.bytes() === '');
  }));

test('[S92] [S118] a lost login costs no try: what waits comes in the run that follows its return', () =>
  withWorld(async (world) => {
    const token = join(world.root, 'token');
    writeFileSync(token, '');
    const auth = { check: ['test', '-e', token], files: [token] };
    await world.start();
    const [dev] = await talkers(world, ['dev'], { class: { auth } });
    rmSync(token);
    dev?.mode('out');
    await classReason(world, 'talker', 'Authenticated', 'LoginLost');
    const mine = await send(world, 'web/dev', 'mine');
    await waitsFor(world, mine, 'Login');
    const run = dev?.status()?.run;
    await holds('nothing is typed', 1500, () => dev?.bytes() === '');
    writeFileSync(token, '');
    await delivered(world, mine, 30_000);
    expect(dev?.status()?.run).not.toBe(run);
    expect(dev?.prompts().map(textOf)).toEqual(['mine']);
    expect(message(world, mine)?.targets[0]?.tries).toBe(0);
  }));

test('an agent whose turn failed for a trouble that passes stands at its prompt and may be spoken to', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = await talkers(world, ['dev']);
    dev?.mode('failing');
    await delivered(world, await send(world, 'web/dev', 'one'));
    await until('its turn has failed', () => dev?.status()?.reason === 'TurnFailed');
    expect(dev?.status()?.state).toBe('Waiting');
    await delivered(world, await send(world, 'web/dev', 'two'));
    expect(dev?.prompts().map(textOf)).toEqual(['one', 'two']);
  }));

test('[S99] what was taken just before the agent ended is proved by the records of that run, and not typed again', () =>
  withWorld(async (world) => {
    const running = await world.start();
    const [dev] = await talkers(world, ['dev']);
    dev?.mode('deaf=1');
    const mine = await send(world, 'web/dev', 'mine');
    await until('it was typed', () => dev?.bytes().includes('mine'));
    await running.end('SIGKILL');
    dev?.mode('');
    await world.tmux('send-keys', '-t', dev?.status()?.pane?.id ?? '', 'Enter');
    const hooks = join(world.state, 'agents', dev?.status()?.uid ?? '', 'hooks.json-seq');
    await until('it was taken and recorded', () => readFileSync(hooks, 'utf8').includes('"Stop"'));
    signalProcess(dev?.status()?.pid, 'SIGKILL');
    await world.start();
    await delivered(world, mine, 20_000);
    expect(message(world, mine)?.targets[0]).toMatchObject({ state: 'Delivered', tries: 0 });
    expect(dev?.prompts().map(textOf)).toEqual(['mine']);
  }));
