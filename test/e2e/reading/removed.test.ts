import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { delivered, send, talkers } from '../messages/support.ts';
import { until, withWorld } from '../support/world.ts';

test('an agent whose class is taken away runs on, and what it does is shown as before', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = await talkers(world, ['dev']);
    const before = dev?.status();
    rmSync(join(world.specs, 'talker.yaml'));
    await until('it is said', () =>
      world.status('web')?.status.conditions.some(({ reason }) => reason === 'UnknownClass'),
    );
    expect(dev?.status()).toMatchObject({ state: 'Idle', pid: before?.pid, run: before?.run });
    dev?.mode('dialog');
    await until('its dialog is shown', () => dev?.status()?.state === 'Waiting');
    expect(dev?.status()).toMatchObject({ reason: 'PermissionPrompt', pid: before?.pid, restarts: 0 });
  }));

test('nothing is kept on disk of an agent that was taken out of its project', () =>
  withWorld(async (world) => {
    await world.start();
    const [, ops] = await talkers(world, ['dev', 'ops']);
    await delivered(world, await send(world, 'web/ops', 'hello'));
    const folder = join(world.state, 'agents', ops?.status()?.uid ?? '');
    expect(existsSync(join(folder, 'hooks.json-seq'))).toBe(true);
    const path = join(world.specs, 'web.yaml');
    const spec = JSON.parse(readFileSync(path, 'utf8')) as { spec: { agents: { name: string }[] } };
    spec.spec.agents = spec.spec.agents.filter(({ name }) => name !== 'ops');
    world.spec('web.yaml', JSON.stringify(spec));
    await until('it is gone', () => world.agent('web', 'ops') === undefined);
    await until('its folder as well', () => !existsSync(folder));
    expect(world.agent('web', 'dev')).toMatchObject({ restarts: 0 });
  }));
