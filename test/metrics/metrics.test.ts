import { describe, expect, test } from 'vitest';
import { COUNTERS, type Definition, GAUGES, HISTOGRAMS } from '../../controller/metrics/definitions.ts';
import { createMetrics, type Summary } from '../../controller/metrics/metrics.ts';
import { knownSeries } from '../../controller/metrics/registry.ts';
import { createWorkQueue } from '../../controller/queue/work-queue.ts';
import { createFakeClock } from '../queue/fake-clock.ts';

const DEFINITIONS: readonly Definition[] = [COUNTERS, GAUGES, HISTOGRAMS].flatMap((table) => Object.values(table));

const EMPTY: Summary = {
  queue: { depth: 0, unfinishedMs: 0, longestMs: 0 },
  objects: [],
  agents: [],
  problems: [],
  held: 0,
  accounts: [],
  mailboxDepth: 0,
  observationAgeMs: 0,
};

function setUp() {
  return createMetrics({ version: '1.2.3', node: 'v20.19.0', tmux: '3.3a', servers: ['muxlet'] });
}

/** The samples of a text in the exposition format, by `name{labels}`; throws on a line that is none. */
async function scrape(metrics: ReturnType<typeof setUp>): Promise<Map<string, number>> {
  const { text } = await metrics.render();
  expect(text.endsWith('\n')).toBe(true);
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (
      line === '' ||
      /^# HELP [a-z0-9_]+ \S.*$/.test(line) ||
      /^# TYPE [a-z0-9_]+ (counter|gauge|histogram|summary)$/.test(line)
    )
      continue;
    const sample = /^([a-z0-9_]+(?:\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)+\})?) (\S+)$/.exec(line);
    if (sample === null) throw new Error(`no sample: ${line}`);
    const [, series = '', value = ''] = sample;
    expect(samples.has(series)).toBe(false);
    samples.set(series, Number(value.replace('+Inf', 'Infinity').replace('Nan', 'NaN')));
  }
  return samples;
}

describe('the definitions', () => {
  test.each(DEFINITIONS.map((definition) => [definition.name, definition] as const))(
    '%s keep the rules',
    (name, definition) => {
      expect(definition.help).toMatch(/^[A-Z0-9].*\.$/);
      expect(name).toMatch(/^(workqueue|muxlet|tmux_orch)_[a-z_]+$/);
      const isCounter = Object.values<Definition>(COUNTERS).includes(definition);
      const isHistogram = Object.values<Definition>(HISTOGRAMS).includes(definition);
      expect(name.endsWith('_total')).toBe(isCounter);
      if (isHistogram) expect(name).toMatch(/_seconds$/);
      for (const label of Object.keys(definition.labels ?? {})) {
        expect(['pid', 'uid', 'key', 'path', 'file', 'pane', 'session', 'message', 'error', 'le']).not.toContain(label);
      }
    },
  );

  test('name everything once', () => {
    expect(new Set(DEFINITIONS.map(({ name }) => name)).size).toBe(DEFINITIONS.length);
  });

  test('keep the number of series that exist from the start small', () => {
    expect(DEFINITIONS.flatMap(knownSeries).length).toBeLessThan(280);
  });
});

describe('the names of the daemons before muxlet', () => {
  test('are fed by the facts of its own', async () => {
    const metrics = setUp();
    metrics.agentHooks.onAuthFailure();
    for (const result of ['Confirmed', 'Unconfirmed', 'Superseded', 'Expired', 'DeadLetter'] as const) {
      metrics.messageHooks.onEnded(result, 1000);
    }
    metrics.courseHooks.onFinished('Completed', 'large', 90_000);
    metrics.courseHooks.onFinished('Failed', 'none', 90_000);
    metrics.courseHooks.onFinished('Failed', 'none', undefined);
    const stuck = { project: 'web', name: 'dev', class: 'shell', state: 'Stuck', restarts: 0 } as const;
    metrics.collect(() => ({ ...EMPTY, agents: [stuck, { ...stuck, name: 'ops' }, { ...stuck, state: 'Idle' }] }));
    expect(Object.fromEntries(await scrape(metrics))).toMatchObject({
      muxlet_agent_auth_failures_total: 1,
      tmux_orch_auth_failures_total: 1,
      tmux_orch_message_failures_total: 2,
      tmux_orch_stuck_agents: 2,
      tmux_orch_project_duration_seconds_sum: 90,
      tmux_orch_project_duration_seconds_count: 1,
      'muxlet_project_duration_seconds_count{result="Failed"}': 1,
      'muxlet_project_results_total{result="Failed",size="none"}': 2,
      'muxlet_project_results_total{result="Completed",size="large"}': 1,
    });
  });
});

describe('the metrics', () => {
  test('exist at zero from the start wherever the labels are known', async () => {
    const samples = await scrape(setUp());
    for (const { name, ...definition } of DEFINITIONS) {
      const suffix = Object.values<Definition>(HISTOGRAMS).some((histogram) => histogram.name === name) ? '_count' : '';
      const series = knownSeries({ name, ...definition }).map(
        (labels) =>
          `{${Object.entries(labels)
            .map(([label, value]) => `${label}="${value}"`)
            .join(',')}}`,
      );
      if (definition.labels === undefined) series.push('');
      for (const labels of series) expect([labels, samples.get(`${name}${suffix}${labels}`)]).toEqual([labels, 0]);
    }
    expect(samples.get('muxlet_build_info{version="1.2.3",node="v20.19.0",tmux="3.3a"}')).toBe(1);
    expect(samples.get('muxlet_tmux_connected{server="muxlet"}')).toBe(0);
    expect(samples.get('muxlet_tmux_commands_total{server="muxlet",result="timeout"}')).toBe(0);
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  test('do not share a registry', async () => {
    const [one, other] = [setUp(), setUp()];
    one.stateHooks.onWrite('error');
    expect((await scrape(other)).get('muxlet_state_writes_total{result="error"}')).toBe(0);
  });

  test('count what the hooks tell, in seconds', async () => {
    const metrics = setUp();
    metrics.reconcileHooks.onReconciled('Project', 'requeue', 12);
    metrics.actionHooks.onAction('KillPane', 'error', 3);
    metrics.observationHooks.onObserved('full', 40);
    metrics.agentHooks.onReplaced(9);
    metrics.tmuxHooks.onCommand('muxlet', 'timeout', 0.2);
    metrics.tmuxHooks.onNotification('%window-close');
    metrics.tmuxHooks.onNotification('%invented');
    metrics.tmuxHooks.onConnected('muxlet', true);
    metrics.tmuxHooks.onServerStart('muxlet-2');
    metrics.configHooks.onReload('success', 20, 1_740_823_200_000);
    metrics.configHooks.onReload('error', 20, 1_740_823_300_000);
    metrics.stateHooks.onWrite('success');
    metrics.leaderHooks.onLeader(true);
    expect(Object.fromEntries(await scrape(metrics))).toMatchObject({
      'muxlet_reconcile_total{kind="Project",result="requeue"}': 1,
      'muxlet_reconcile_duration_seconds_sum{kind="Project"}': 0.012,
      'muxlet_actions_total{verb="KillPane",result="error"}': 1,
      'muxlet_action_duration_seconds_bucket{le="0.0025",verb="KillPane"}': 0,
      'muxlet_action_duration_seconds_bucket{le="0.005",verb="KillPane"}': 1,
      'muxlet_observation_duration_seconds_count{scope="full"}': 1,
      muxlet_agent_replacement_seconds_sum: 0.009,
      'muxlet_tmux_commands_total{server="muxlet",result="timeout"}': 1,
      'muxlet_tmux_command_duration_seconds_bucket{le="0.0001"}': 0,
      'muxlet_tmux_command_duration_seconds_bucket{le="0.00025"}': 1,
      'muxlet_tmux_notifications_total{type="window-close"}': 1,
      'muxlet_tmux_notifications_total{type="other"}': 1,
      'muxlet_tmux_connected{server="muxlet"}': 1,
      'muxlet_tmux_server_starts_total{server="muxlet-2"}': 1,
      'muxlet_config_reloads_total{result="error"}': 1,
      muxlet_config_last_reload_success_timestamp_seconds: 1_740_823_200,
      'muxlet_state_writes_total{result="success"}': 1,
      muxlet_leader: 1,
    });
    metrics.tmuxHooks.onServerForgotten('muxlet-2');
    expect((await scrape(metrics)).has('muxlet_tmux_server_starts_total{server="muxlet-2"}')).toBe(false);
  });

  test('fit the hooks of the work queue', async () => {
    const metrics = setUp();
    const clock = createFakeClock();
    const queue = createWorkQueue<string>({ clock, random: () => 0, hooks: metrics.queueHooks });
    metrics.collect(() => ({ ...EMPTY, queue: queue.figures() }));
    queue.add('a');
    queue.add('b');
    clock.advance(20);
    await queue.take();
    clock.advance(1_500);
    queue.retryLater('a');
    expect(Object.fromEntries(await scrape(metrics))).toMatchObject({
      'workqueue_depth{name="reconcile"}': 1,
      'workqueue_adds_total{name="reconcile"}': 2,
      'workqueue_retries_total{name="reconcile"}': 1,
      'workqueue_queue_duration_seconds_sum{name="reconcile"}': 0.02,
      'workqueue_unfinished_work_seconds{name="reconcile"}': 1.5,
      'workqueue_longest_running_processor_seconds{name="reconcile"}': 1.5,
    });
  });

  test('say how things stand at the scrape, and nothing of what is gone', async () => {
    const metrics = setUp();
    const agent = { project: 'web', name: 'dev', class: 'shell', state: 'Busy', restarts: 3 } as const;
    metrics.collect(() => ({
      ...EMPTY,
      objects: [
        { kind: 'Project', name: 'web', phase: 'Running', activeSeconds: 60.5, leftSeconds: 30 },
        { kind: 'Project', name: 'api', phase: 'Running' },
      ],
      agents: [
        { ...agent, contextLeft: 40, evidence: { source: 'hook', ageMs: 1500 } },
        { ...agent, name: 'odd "name"\\\n', restarts: 0 },
      ],
      problems: [{ severity: 'Error' }],
      mailboxDepth: 3,
      observationAgeMs: 2_500,
    }));
    const samples = await scrape(metrics);
    await scrape(metrics);
    expect(Object.fromEntries(samples)).toMatchObject({
      'muxlet_objects{kind="Project",phase="Running"}': 2,
      'muxlet_objects{kind="Project",phase="Failed"}': 0,
      'muxlet_project_phase{project="web",phase="Running"}': 1,
      'muxlet_project_active_seconds{project="web"}': 60.5,
      'muxlet_project_deadline_left_seconds{project="web"}': 30,
      'muxlet_agent_state{project="web",agent="dev",state="Busy"}': 1,
      'muxlet_agent_context_left_ratio{project="web",agent="dev"}': 0.4,
      'muxlet_agent_evidence_age_seconds{project="web",agent="dev",evidence="hook"}': 1.5,
      'muxlet_agents{state="Busy",class="shell"}': 2,
      'muxlet_agents{state="Exited",class="shell"}': 0,
      'muxlet_agent_restarts_total{project="web",agent="dev"}': 3,
      'muxlet_agent_restarts_total{project="web",agent="odd \\"name\\"\\\\\\n"}': 0,
      'muxlet_problems{severity="Error"}': 1,
      muxlet_observation_age_seconds: 2.5,
    });
    metrics.collect(() => EMPTY);
    const after = await scrape(metrics);
    expect(after.get('muxlet_objects{kind="Project",phase="Running"}')).toBe(0);
    expect([...after.keys()].filter((series) => /class="shell"|project="web"/.test(series))).toEqual([]);
  });

  test('fail the scrape, and nothing else, if nobody can say how things stand', async () => {
    const metrics = setUp();
    metrics.collect(() => {
      throw new Error('no state');
    });
    await expect(metrics.render()).rejects.toThrow('no state');
    metrics.collect(() => EMPTY);
    expect((await metrics.render()).contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  });
});
