import { expect, test } from 'vitest';
import { holds, until, withWorld } from '../support/world.ts';
import { delivered, message, send, talkers, textOf, waitsFor } from './support.ts';

test('[S81] [S82] [S85] [S88] texts arrive once, whole and literally, in the order in which they were sent', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = await talkers(world, ['dev']);
    const texts = [
      'do it',
      `quotes ' " and \`touch ${world.root}/hurt\` $(touch ${world.root}/hurt) ; #{pane_id} \\ Enter C-c`,
      '-n --leading hyphens',
      `a long line that the terminal wraps, with 😀 and ${'wide words '.repeat(20)}end`,
      `several lines\n\tof which one is indented\n${'0123456789'.repeat(1000)}\nthe last one`,
    ];
    const names: string[] = [];
    for (const text of texts) names.push(await send(world, 'web/dev', text));
    for (const name of names) await delivered(world, name, 30_000);
    expect(dev?.prompts().map(textOf)).toEqual(texts);
    expect(dev?.bytes()).not.toContain('\u0003');
    for (const prompt of dev?.prompts() ?? []) expect(prompt).toMatch(/^\[msg [0-9a-f]{8}\] /);
  }));

test('[S84] [S86] [S97] nothing is typed while it works, a dialog is open, or a person has half a line in the box', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = await talkers(world, ['dev']);
    dev?.mode('dialog');
    await until('it waits', () => dev?.status()?.state === 'Waiting');
    const name = await send(world, 'web/dev', 'later');
    await waitsFor(world, name, 'PermissionPrompt');
    expect(dev?.bytes()).toBe('');
    dev?.mode('busy');
    await until('it works', () => dev?.status()?.state === 'Busy');
    await waitsFor(world, name, 'Busy');
    const pane = dev?.status()?.pane?.id ?? '';
    await world.tmux('send-keys', '-t', pane, '-l', 'half a li');
    dev?.mode('');
    await waitsFor(world, name, 'InputBoxNotEmpty');
    await holds('it stays', 1500, () => dev?.bytes() === 'half a li');
    await world.tmux('send-keys', '-t', pane, 'C-u');
    await delivered(world, name);
    expect(dev?.prompts().map(textOf)).toEqual(['later']);
  }));

test('[S87] a person who looks at its history is not disturbed', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = await talkers(world, ['dev']);
    const pane = dev?.status()?.pane?.id ?? '';
    await world.tmux('copy-mode', '-t', pane);
    const name = await send(world, 'web/dev', 'later');
    await waitsFor(world, name, 'PaneInMode');
    expect(await world.tmux('display-message', '-p', '-t', pane, '#{pane_in_mode}')).toBe('1');
    await world.tmux('send-keys', '-t', pane, '-X', 'cancel');
    await delivered(world, name);
    expect(dev?.prompts()).toHaveLength(1);
  }));

test('[S81] [S84] an Enter that got lost is repeated, never the text; a text in the box is not delivered', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = await talkers(world, ['dev']);
    dev?.mode('deaf=2');
    const name = await send(world, 'web/dev', 'listen');
    await until('it was typed', () => dev?.bytes().includes('listen'));
    expect(message(world, name)?.phase).not.toBe('Delivered');
    await delivered(world, name, 20_000);
    expect(dev?.prompts().map(textOf)).toEqual(['listen']);
    expect(dev?.bytes().match(/listen/g)).toHaveLength(1);
  }));

test('[S83] a shell where the agent should be gets nothing', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = await talkers(world, ['dev'], {});
    expect(dev?.status()?.state).toBe('Idle');
    world.spec(
      'talker.yaml',
      JSON.stringify({
        apiVersion: 'muxlet.dev/v1alpha1',
        kind: 'AgentClass',
        metadata: { name: 'talker' },
        spec: { ...(await import('./support.ts')).talkerClass(), health: { shells: ['node', 'MainThread'] } },
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 600));
    const name = await send(world, 'web/dev', 'rm -rf /');
    await waitsFor(world, name, 'ShellWithoutAgent');
    expect(dev?.bytes()).toBe('');
  }));

test('[S37] the pane is found by its id, whatever a person did to the windows', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev, ops] = await talkers(world, ['dev', 'ops']);
    await world.tmux('swap-window', '-s', '=web:0', '-t', '=web:1');
    await world.tmux('split-window', '-d', '-t', '=web:0', 'sleep 100');
    const name = await send(world, 'web/dev', 'you');
    await delivered(world, name);
    expect(dev?.prompts().map(textOf)).toEqual(['you']);
    expect(ops?.prompts()).toEqual([]);
  }));
