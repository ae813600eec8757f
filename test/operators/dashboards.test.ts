import { expect, test } from 'vitest';
import { metric } from '../e2e/support/scrape.ts';
import { until, withWorld } from '../e2e/support/world.ts';
import { ANNOTATION_QUERIES, DASHBOARDS, PANEL_QUERIES } from '../manifests/dashboards.ts';
import { rulesOf } from '../manifests/known-metrics.ts';
import { fillIn } from '../manifests/promql.ts';
import { day, morning } from './support/day.ts';
import { startPrometheus } from './support/prometheus.ts';
import { freePort } from './support/servers.ts';

// Of the minute in which the day passes; Grafana would choose four times the interval of the scrapes at least.
const VARIABLES = { __rate_interval: '10s', __range: '5m', project: 'web' };

test('after a short day every query of every panel, and every rule, has something to show', () =>
  withWorld(async (world) => {
    const address = `127.0.0.1:${await freePort()}`;
    const coder = morning(world);
    let controller = await world.start('--listen', address);
    const prometheus = await startPrometheus(world, { muxlet: address });
    // It takes some seconds until the first scrape: what happened before would be no change to it.
    await until('it is scraped', async () => (await prometheus.query('up == 1')).length === 1);
    await day(world, coder, async () => {
      await controller.end();
      controller = await world.start('--listen', address);
      return controller;
    });

    await until('the day is counted', async () => {
      const wanted: Readonly<Record<string, number>> = {
        'muxlet_project_results_total{result="Completed",size="small"}': 2,
        'muxlet_project_results_total{result="Failed",size="medium"}': 1,
        'muxlet_project_false_failures_total{size="medium",proof="Reset"}': 1,
        'muxlet_project_false_failures_total{size="medium",proof="Completed"}': 1,
        'muxlet_interventions_total{verb="reset"}': 1,
        'muxlet_interventions_total{verb="restart"}': 1,
        'muxlet_messages_total{result="Expired"}': 1,
        muxlet_agent_auth_failures_total: 3,
        tmux_orch_auth_failures_total: 3,
        tmux_orch_message_failures_total: 1,
        tmux_orch_project_duration_seconds_count: 3,
        'muxlet_agent_context_left_ratio{project="web",agent="lead"}': 0.4,
      };
      const found = await Promise.all(
        Object.keys(wanted).map(async (series) => [series, await metric(controller, series)] as const),
      );
      if (JSON.stringify(Object.fromEntries(found)) === JSON.stringify(wanted)) return true;
      throw new Error(JSON.stringify(Object.fromEntries(found)));
    });
    await until('all of it is scraped', async () => {
      const [sample] = await prometheus.query('muxlet_agent_context_left_ratio{project="web"}');
      return sample?.values[0] === 0.4;
    });

    await until('people were told, but for one', async () => {
      const told = await prometheus.query('muxlet_notifications_total > 0');
      return told.length === 2 && (await prometheus.query('muxlet_notification_events_waiting > 0')).length > 0;
    });

    const rules = rulesOf('muxlet.rules.yml').map(({ record = '' }) => ({ where: record, expr: record }));
    const empty: string[] = [];
    for (const { where, expr } of [...PANEL_QUERIES, ...ANNOTATION_QUERIES, ...rules]) {
      const samples = await prometheus.queryRange(fillIn(expr, VARIABLES));
      if (!samples.some(({ values }) => values.length > 0)) empty.push(where);
    }
    expect(empty).toEqual([]);

    // Variables offer something as well.
    for (const { uid, templating } of DASHBOARDS) {
      for (const { name, definition } of templating.list) {
        const [, series, label] = /^label_values\((.*), (\w+)\)$/.exec(definition ?? '') ?? [];
        if (series === undefined) continue;
        const found = await prometheus.query(`count by (${label}) (${fillIn(series)})`);
        expect([uid, name, found.length > 0]).toEqual([uid, name, true]);
      }
    }
    await prometheus.end();
  }));
