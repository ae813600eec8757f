import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { ask, metric, total } from '../support/scrape.ts';
import { projectYaml, SLEEP, until, withWorld } from '../support/world.ts';

test('[S72] every metric moves with what it counts, in the running controller', () =>
  withWorld(async (world) => {
    const running = await world.start('--resync', '1s');
    expect(await ask(running, '/readyz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await ask(running, '/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await metric(running, 'muxlet_objects{kind="Project",phase="Running"}')).toBe(0);
    expect(await metric(running, 'muxlet_agent_replacement_seconds_count')).toBe(0);
    const server = world.socket;

    world.spec('web.yaml', projectYaml('web', { dev: SLEEP, test: SLEEP }));
    await world.ready('web');
    expect(await metric(running, 'muxlet_objects{kind="Project",phase="Running"}')).toBe(1);
    expect(await metric(running, 'muxlet_agents{state="Busy",class="shell"}')).toBe(2);
    expect(await metric(running, 'muxlet_actions_total{verb="CreateSession",result="success"}')).toBe(1);
    expect(await metric(running, `muxlet_tmux_server_starts_total{server="${server}"}`)).toBe(1);
    expect(await metric(running, `muxlet_tmux_connected{server="${server}"}`)).toBe(1);
    expect(await metric(running, 'muxlet_leader')).toBe(1);
    // Of a class that says nothing of itself the process is all the evidence, since its start.
    const startedAt = Date.parse(world.agent('web', 'test')?.startedAt ?? '');
    const evidence = 'muxlet_agent_evidence_age_seconds{project="web",agent="test",evidence="process"}';
    const age = await metric(running, evidence);
    expect(age).toBeGreaterThan(0);
    expect(age).toBeLessThanOrEqual((Date.now() - startedAt) / 1000);
    for (const name of [
      'workqueue_adds_total',
      'workqueue_queue_duration_seconds_count',
      'workqueue_work_duration_seconds_count',
      'muxlet_reconcile_total',
      'muxlet_reconcile_duration_seconds_count',
      'muxlet_action_duration_seconds_count',
      'muxlet_observation_duration_seconds_count',
      'muxlet_tmux_commands_total',
      'muxlet_tmux_command_duration_seconds_count',
      'muxlet_tmux_notifications_total',
      'muxlet_config_reloads_total',
      'muxlet_config_reload_duration_seconds_count',
      'muxlet_config_last_reload_success_timestamp_seconds',
      'muxlet_state_writes_total',
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
    ]) {
      expect([name, await total(running, name)]).toEqual([name, expect.toSatisfy((value: number) => value > 0)]);
    }

    signalProcess(world.agent('web', 'dev')?.pid, 'SIGKILL');
    await until('restarted', () => world.agent('web', 'dev')?.restarts === 1 && world.agent('web', 'dev')?.ready);
    expect(await metric(running, 'muxlet_agent_restarts_total{project="web",agent="dev"}')).toBe(1);
    expect(await metric(running, 'muxlet_agent_replacement_seconds_count')).toBe(1);
    expect(await metric(running, 'muxlet_agent_replacement_seconds_sum')).toBeLessThan(5);

    world.spec('broken.yaml', 'apiVersion: muxlet.dev/v1alpha1\nkind: Project\n');
    await until(
      'the problem is counted',
      async () => ((await metric(running, 'muxlet_problems{severity="Error"}')) ?? 0) > 0,
    );
    expect(await metric(running, 'muxlet_config_reloads_total{result="error"}')).toBeGreaterThan(0);
    rmSync(join(world.specs, 'broken.yaml'));
    await until('and no more', async () => (await metric(running, 'muxlet_problems{severity="Error"}')) === 0);

    // The server's end is told as such, and everything comes back.
    await world.tmux('kill-server');
    await until(
      'both run again',
      async () => (await metric(running, 'muxlet_agents{state="Busy",class="shell"}')) === 2,
    );
    await until(
      'started again',
      async () => (await metric(running, `muxlet_tmux_server_starts_total{server="${server}"}`)) === 2,
    );
    const events = (await world.muxlet('events', '-o', 'json')).stdout;
    expect(events).toContain('TmuxServerLost');
    expect(events).toContain('TmuxServerStarted');

    rmSync(join(world.specs, 'web.yaml'));
    await until('gone', () => world.status('web') === undefined);
    expect(await metric(running, 'muxlet_objects{kind="Project",phase="Running"}')).toBe(0);
    expect(await metric(running, 'muxlet_agent_restarts_total{project="web",agent="dev"}')).toBeUndefined();
    expect(await metric(running, evidence)).toBeUndefined();
  }));

test('not ready while tmux does not answer, and alive all the same', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const running = await world.start('--resync', '1s');
    await world.ready('web');
    const pid = Number(await world.tmux('display-message', '-p', '#{pid}'));
    signalProcess(pid, 'SIGSTOP');
    try {
      await until('not ready', async () => (await ask(running, '/readyz')).text.includes('[-]tmux failed'), 40_000);
      expect((await ask(running, '/healthz')).status).toBe(200);
    } finally {
      signalProcess(pid, 'SIGCONT');
    }
    await until('ready again', async () => (await ask(running, '/readyz')).status === 200, 30_000);
    expect(world.agent('web', 'dev')?.restarts).toBe(0);
  }));
