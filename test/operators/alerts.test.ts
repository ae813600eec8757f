import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectYaml, until, withWorld } from '../e2e/support/world.ts';
import { signalProcess } from '../support/signal-process.ts';
import { startAlertmanager, startPrometheus } from './support/prometheus.ts';
import { freePort, receiver } from './support/servers.ts';

test('a fleet that is killed, and then its controller, raise their alerts, and a webhook hears of them and of their end', () =>
  withWorld(async (world) => {
    const listen = ['--listen', `127.0.0.1:${await freePort()}`];
    const target = listen[1] ?? '';
    const script = join(world.root, 'agent.sh');
    writeFileSync(script, 'exec sleep 100000\n');
    const agent = { command: ['sh', script], backoff: { initialSeconds: 1, maxSeconds: 2 } };
    world.spec('web.yaml', projectYaml('web', { dev: agent, ops: agent }));
    const controller = await world.start(...listen);
    await world.ready('web');
    const heard = await receiver();
    try {
      const alertmanager = await startAlertmanager(world, heard.address);
      const prometheus = await startPrometheus(world, { muxlet: target, alertmanager: alertmanager.address });
      await until('it is scraped', async () => (await prometheus.query('up == 1')).length === 1);
      // The family of a counter goes without its `_total` in OpenMetrics alone: that is what was served.
      const metadata = await fetch(
        `http://${prometheus.address}/api/v1/targets/metadata?metric=muxlet_project_results`,
      );
      expect(await metadata.json()).toMatchObject({ data: [{ type: 'counter' }] });

      const told = (alert: string, status: 'firing' | 'resolved') =>
        until(
          `${alert} is ${status}`,
          () => heard.told.find((each) => each.alert === alert && each.status === status),
          60_000,
        );
      rmSync(script);
      for (const name of ['dev', 'ops']) signalProcess(world.agent('web', name)?.pid, 'SIGKILL');
      expect(await told('MuxletFleetDown', 'firing')).toMatchObject({
        labels: { severity: 'critical', instance: target },
        annotations: { runbook_url: 'docs/runbooks/MuxletFleetDown.md', summary: 'No agent works, and 2 cannot' },
      });
      writeFileSync(script, 'exec sleep 100000\n');
      await told('MuxletFleetDown', 'resolved');

      await controller.end('SIGKILL');
      expect(await told('MuxletDown', 'firing')).toMatchObject({
        labels: { severity: 'critical', instance: target, job: 'muxlet' },
      });
      await world.start(...listen);
      await told('MuxletDown', 'resolved');
      expect(heard.told.filter(({ alert }) => alert === 'MuxletSpecProblems')).toEqual([]);
      await prometheus.end();
      await alertmanager.end();
    } finally {
      await heard.end();
    }
  }));
