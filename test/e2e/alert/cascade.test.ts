import { expect, test } from 'vitest';
import { startMailServer } from '../../support/mail-server.ts';
import { queueYaml, taskYaml } from '../queues/support.ts';
import { metric } from '../support/scrape.ts';
import { projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { alertYaml, byHook, byMail, receiver, startMute, textOf, told } from './support.ts';

const NAMES = Array.from({ length: 100 }, (_, index) => `p${String(index).padStart(3, '0')}`);
const PACE = { wait: '2s', interval: '3s' } as const;

test(
  '[S147] a cascade of 100 failures is a handful of mails, and dead receivers beside it delay nobody; killed amidst it, nothing is lost or told twice',
  {
    timeout: 120_000,
  },
  () =>
    withWorld(async (world) => {
      const server = await startMailServer();
      const mute = await startMute();
      try {
        const receivers = [byMail('oncall', server.port), byHook('mute', mute.port), byMail('gone', 1)];
        world.spec('alert.yaml', alertYaml('night', { group: PACE, receivers }));
        world.spec('steady.yaml', projectYaml('steady', { dev: SLEEP }));
        let controller = await world.start();
        await world.ready('steady');
        const tasks = NAMES.map((name) => taskYaml(name, 'exit 3'));
        world.spec('all.yaml', [queueYaml('night', { maxRunning: 25 }), ...tasks].join('\n---\n'));
        const failed = () => NAMES.filter((name) => world.status(name)?.status.phase === 'Failed').length;
        await until('a third has failed', () => failed() > 33, 40_000);
        await controller.end('SIGKILL');
        controller = await world.start();
        const agent = world.agent('steady', 'dev');
        process.kill(agent?.pid ?? 0, 'SIGKILL');
        const killedAt = Date.now();
        await until(
          'it runs again',
          () => world.agent('steady', 'dev')?.restarts === 1 && world.agent('steady', 'dev')?.ready,
        );
        console.log('reaction', Date.now() - killedAt);
        await until('all have failed', () => failed() === NAMES.length, 40_000);
        const sum = (reason: string) => server.mails.reduce((total, mail) => total + told(mail, reason), 0);
        await until('all is told', () => sum('AgentFailed') >= NAMES.length && sum('BatchOver') >= 1, 30_000);
        console.log((await world.muxlet('events', '--for', 'queue/night')).stdout);
        console.log(
          server.mails.length,
          server.mails.map(textOf).at(-1),
          server.mails.map((mail) => mail.raw.slice(0, 600))[0],
        );
        expect(sum('AgentFailed')).toBe(NAMES.length);
        console.log(JSON.stringify(receiver(world, 'night', 'mute')), JSON.stringify(receiver(world, 'night', 'gone')));
        console.log(
          await metric(controller, 'muxlet_notifications_total{alert="night",receiver="oncall",result="delivered"}'),
        );
        console.log(
          (await world.muxlet('get', 'alerts', '-o', 'wide')).stdout,
          (await world.muxlet('describe', 'alert', 'night')).stdout,
        );
      } finally {
        mute.close();
        await server.close();
      }
    }),
);
