import { expect, test } from 'vitest';
import { startMailServer } from '../../support/mail-server.ts';
import { signalProcess } from '../../support/signal-process.ts';
import { queueYaml, taskYaml } from '../queues/support.ts';
import { metric } from '../support/scrape.ts';
import { projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { alertYaml, byHook, byMail, receiver, startMute, textOf, told } from './support.ts';

const NAMES = Array.from({ length: 100 }, (_, index) => `p${String(index).padStart(3, '0')}`);
const PACE = { wait: '2s', interval: '3s' } as const;

test(
  '[S147] of 100 failures a handful of mails tell, killed amidst them nothing is lost or told twice, and dead receivers delay nobody',
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
        const first = await world.start();
        await world.ready('steady');
        const tasks = NAMES.map((name) => taskYaml(name, 'exit 3'));
        world.spec('all.yaml', [queueYaml('night', { maxRunning: 25 }), ...tasks].join('\n---\n'));
        const failed = () => NAMES.filter((name) => world.status(name)?.status.phase === 'Failed').length;
        await until('a third has failed', () => failed() > 33, 40_000);
        await first.end('SIGKILL');
        const second = await world.start();
        await until('all have failed', () => failed() === NAMES.length, 40_000);
        await until('the dead ones are being told', () => receiver(world, 'night', 'gone')?.lastFailure !== undefined);
        const { pid } = world.agent('steady', 'dev') ?? {};
        const killedAt = Date.now();
        signalProcess(pid, 'SIGKILL');
        await until('it runs again', () => world.agent('steady', 'dev')?.restarts === 1);
        // What it takes without any receivers, on a machine that does much besides.
        expect(Date.now() - killedAt).toBeLessThan(3000);

        const sum = (reason: string) => server.mails.reduce((total, mail) => total + told(mail, reason), 0);
        await until('all is told', () => sum('AgentFailed') >= NAMES.length && sum('BatchOver') >= 1, 30_000);
        // What was on record as an event, and not yet in the status, when the controller was killed happens once more.
        expect(sum('AgentFailed')).toBeLessThanOrEqual(NAMES.length + 2);
        expect(server.mails.length).toBeLessThanOrEqual(5);
        const ids = server.mails.map(({ raw }) => /^message-id: (.*)$/im.exec(raw)?.[1]);
        expect(new Set(ids).size).toBe(ids.length);
        const summary = server.mails.map(textOf).find((text) => text.includes('BatchOver'));
        expect(summary).toMatch(
          /^info: queue night BatchOver .*\n {2}nothing runs or waits any more; of 100 projects: 0 completed, 100 failed/,
        );
        const delivered = 'muxlet_notifications_total{alert="night",receiver="oncall",result="delivered"}';
        expect(await metric(second, delivered)).toBeGreaterThanOrEqual(1);
        expect(await metric(second, delivered.replace('oncall', 'gone'))).toBe(0);
        expect(receiver(world, 'night', 'mute')).toMatchObject({ delivered: 0, dropped: 0 });
        expect(receiver(world, 'night', 'mute')?.waiting).toBeGreaterThanOrEqual(NAMES.length + 1);
        const { stdout } = await world.muxlet('get', 'alerts', '--no-headers');
        expect(stdout).toMatch(/^night +False +ReceiverFailed +oncall,mute,gone /);
      } finally {
        mute.close();
        await server.close();
      }
    }),
);
