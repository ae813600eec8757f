import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { delivered, object, send, talkerClass, talkers } from '../messages/support.ts';
import { projectYaml, until, withWorld } from '../support/world.ts';

test(
  'a class whose pattern never comes to an end stalls nobody, and is told of',
  () =>
    withWorld(async (world) => {
      const running = await world.start();
      const [dev] = await talkers(world, ['dev']);
      const rules = [{ name: 'endless', pattern: '^(?:a+)+$', state: 'Busy' }];
      const reading = { startTimeoutSeconds: 1, sources: [{ type: 'Screen', rules }] };
      world.spec('slow.yaml', object('AgentClass', 'slow', { ...talkerClass(), reading }));
      const command = ['sh', '-c', `printf '${'a'.repeat(70)}!\\n'; sleep 100000`];
      world.spec(
        'slow-team.yaml',
        projectYaml('slow-team', { one: { class: 'slow', command, workingDir: world.work } }),
      );
      await until('it is read', () => world.agent('slow-team', 'one')?.state === 'Unknown');
      const begun = Date.now();
      expect((await fetch(`${running.address}/healthz`)).status).toBe(200);
      expect(Date.now() - begun).toBeLessThan(2000);
      await delivered(world, await send(world, 'web/dev', 'still there?'));
      expect(dev?.prompts()).toHaveLength(1);
      await until(
        'its class says so',
        async () => (await world.muxlet('describe', 'agentclass', 'slow')).stdout.includes('takes too long'),
        40_000,
      );
    }),
  100_000,
);

test(
  '[S80] whatever an agent writes to its hook file, what its program says next is read',
  () =>
    withWorld(async (world) => {
      await world.start();
      const [dev] = await talkers(world, ['dev']);
      const file = join(world.state, 'agents', dev?.status()?.uid ?? '', 'hooks.json-seq');
      const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
      appendFileSync(file, `\u001e${Date.now()} {"event":${deep},"prompt":${deep}}\n`);
      appendFileSync(file, `\u001e${Date.now()} {"event":"Prompt","prompt":${deep}}\n`);
      appendFileSync(file, Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 256)));
      appendFileSync(file, `\u001e99999999999999 {"event":"Stop"`);
      appendFileSync(file, `\u001e${Date.now()} {"event":"Prompt","prompt":"x","session_id":"--help"}\n`);
      await until('it is busy', () => dev?.status()?.state === 'Busy');
      const junk = Buffer.alloc(8 * 1024 * 1024, '{"event":"Junk"}\n');
      for (let part = 0; part < 12; part += 1) appendFileSync(file, junk);
      appendFileSync(file, `\u001e${Date.now()} {"event":"Stop"}\n`);
      await until('it is idle', () => dev?.status()?.state === 'Idle', 60_000);
      expect(readFileSync(join(world.state, 'agents', dev?.status()?.uid ?? '', 'launch.json'), 'utf8')).not.toContain(
        '--help',
      );
      await delivered(world, await send(world, 'web/dev', 'still there?'));
    }),
  120_000,
);
