import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { memoryGroup } from '../support/memory-group.ts';
import { projectYaml, SLEEP, until, withWorld } from '../support/world.ts';

// Where the system allows no group with a limit (no right to, no such controller), there is nothing to be killed by.
const group = memoryGroup(`mx-${randomBytes(4).toString('hex')}`, 64_000_000);

afterAll(() => group && until('the group is gone', group.remove));

test.skipIf(group === undefined)(
  '[S134] an agent that the system ends for want of memory is said to be just that, and started again',
  () =>
    withWorld(async (world) => {
      const hungry = join(world.root, 'hungry');
      const eats = join(world.root, 'eats');
      // Eats in its first run alone.
      writeFileSync(
        eats,
        `echo $$ > ${group?.join}
        while [ ! -e ${hungry} ]; do [ -e ${hungry}.not ] && exec sleep 100000; sleep 0.1; done
        mv ${hungry} ${hungry}.not
        exec node -e 'const eaten = []; for (;;) eaten.push(Buffer.alloc(5e6, 1));'
        `,
      );
      world.spec('web.yaml', projectYaml('web', { dev: ['sh', eats], other: SLEEP }));
      await world.start();
      const before = (await world.ready('web')).status.agents.find(({ name }) => name === 'other')?.pid;
      await until('it has moved', () => inGroup().includes(String(world.agent('web', 'dev')?.pid)));
      await world.muxlet('annotate', 'project', 'web', 'looked=at');
      await until('it is looked at where it is', () => world.status('web')?.metadata.annotations?.['looked'] === 'at');
      writeFileSync(hungry, '');
      await until(
        'it is seen',
        () =>
          world.agent('web', 'dev')?.lastExit?.kind === 'OutOfMemory' ||
          Promise.reject(new Error(JSON.stringify(world.agent('web', 'dev')))),
        60_000,
      );
      await until('it runs again', () => world.agent('web', 'dev')?.restarts === 1);
      expect(world.agent('web', 'dev')?.lastExit).toMatchObject({ reason: 'OOMKilled', signal: 9 });
      expect((await world.muxlet('events', '--for', 'project/web')).stdout).toContain('for want of memory');
      expect(world.agent('web', 'other')?.pid).toBe(before);
    }),
  // A loaded machine takes its time to fill the memory.
  120_000,
);

function inGroup(): string[] {
  return readFileSync(group?.join ?? '', 'utf8')
    .split('\n')
    .slice(0, -1);
}
