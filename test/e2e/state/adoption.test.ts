import { readdirSync, readFileSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { agentNames, agentProcesses, pidsOf } from '../support/agents.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

const WEB = projectYaml('web', { dev: SLEEP, test: SLEEP });

/** Runs `web`, then checks that whatever `disturb` does to the state costs no agent. */
async function survives(world: World, disturb: (uid: string) => Promise<void>): Promise<void> {
  world.spec('web.yaml', WEB);
  const first = await world.start('--resync', '1s');
  const { metadata } = await world.ready('web');
  const before = agentProcesses(world);
  expect(before).toHaveLength(2);
  await first.end('SIGKILL');
  await disturb(metadata.uid);
  expect(agentProcesses(world)).toEqual(before);
  await world.start('--resync', '1s');
  await until('adopted', () => {
    const now = world.status('web');
    return now?.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True') && now;
  });
  await holds('no agent is restarted', 2500, () => JSON.stringify(agentProcesses(world)) === JSON.stringify(before));
  expect(world.status('web')?.metadata.uid).toBe(metadata.uid);
  expect(Object.values(pidsOf(world, 'web')).sort()).toEqual(before.map(({ pid }) => pid).sort());
  expect(world.status('web')?.status.agents.map(({ restarts }) => restarts)).toEqual([0, 0]);
}

describe('while the controller is gone, agents run; when it is back, it takes them over as they are', () => {
  test('[S70] after SIGKILL', () => withWorld((world) => survives(world, async () => undefined)));

  test('[S74] after twenty minutes, as far as any file can tell', () =>
    withWorld((world) =>
      survives(world, async () => {
        const past = new Date(Date.now() - 20 * 60_000);
        const file = join(world.state, 'status/project/web.json');
        writeFileSync(
          file,
          readFileSync(file, 'utf8').replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, `"${past.toISOString()}"`),
        );
        for (const path of filesBelow(world.state)) utimesSync(path, past, past);
      }),
    ));

  test('[S141] after the state was deleted', () =>
    withWorld((world) => survives(world, async () => rmSync(world.state, { recursive: true }))));

  test('[S141] after every file was cut to half', () =>
    withWorld((world) =>
      survives(world, async () => {
        for (const path of filesBelow(world.state)) {
          const { length } = readFileSync(path);
          truncateSync(path, Math.floor(length / 2));
        }
      }),
    ));

  test('[S141] after every file was filled with rubbish', () =>
    withWorld((world) =>
      survives(world, async () => {
        for (const path of filesBelow(world.state)) writeFileSync(path, Buffer.from([0xff, 0, 0x7b, 0x22, 10, 0xc3]));
      }),
    ));

  test('[S142] after half of an upgrade: files of an older shape, and temporary ones that were never renamed', () =>
    withWorld((world) =>
      survives(world, async (uid) => {
        const folder = join(world.state, 'status/project');
        const old = { apiVersion: 'muxlet.dev/v1alpha1', kind: 'Project', metadata: { name: 'web', uid }, status: {} };
        writeFileSync(join(folder, 'web.json'), JSON.stringify(old));
        writeFileSync(join(folder, '.web.json.tmp'), '{"half":');
        writeFileSync(join(world.state, '.inventory.json.tmp'), '{"version":99');
        renameSync(join(world.state, 'inventory.json'), join(world.state, 'inventory.json.old'));
      }),
    ));

  test('[S77] twice in a row', () =>
    withWorld(async (world) => {
      await survives(world, async () => {
        const again = await world.start();
        await world.ready('web');
        await again.end('SIGKILL');
      });
    }));
});

test('[S144] state that is deleted while it is in use is written again, and no agent is touched', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', WEB);
    const running = await world.start('--resync', '1s');
    const { metadata } = await world.ready('web');
    const before = agentProcesses(world);
    for (let round = 0; round < 3; round += 1) {
      // Written again while it is being emptied, it is not empty at the end.
      await until('it is deleted', () => {
        rmSync(world.state, { recursive: true, force: true });
        return true;
      });
      await until('the status stands again', () => world.status('web')?.metadata.uid === metadata.uid);
      await until('the address stands again', () => readdirSync(world.state).includes('address'));
    }
    expect(agentProcesses(world)).toEqual(before);
    expect(running.process.exitCode).toBeNull();
    // And it still works: what is killed now comes back, once.
    signalProcess(before[0]?.pid, 'SIGKILL');
    await until('the killed agent is back', () => {
      const now = agentProcesses(world);
      return now.length === 2 && now.every(({ pid }) => pid !== before[0]?.pid);
    });
    expect(agentNames(world)).toEqual([`${metadata.uid}/dev`, `${metadata.uid}/test`]);
    rmSync(join(world.specs, 'web.yaml'));
    await until('removed', () => agentProcesses(world).length === 0 && world.status('web') === undefined);
  }));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
