import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { agentProcesses } from '../support/agents.ts';
import { total } from '../support/scrape.ts';
import { projectYaml, SLEEP, until, withWorld } from '../support/world.ts';

const PROJECTS = 25;
const AGENTS = 5;
const RESYNC_MS = 2000;

/** Processor time that a process has used, in milliseconds. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

test(
  '[S148] 25 projects of 5 agents at rest: the controller rests most of the time, and asks few questions',
  {
    timeout: 120_000,
  },
  () =>
    withWorld(async (world) => {
      for (let project = 0; project < PROJECTS; project += 1) {
        const agents = Object.fromEntries(Array.from({ length: AGENTS }, (_, agent) => [`a${agent}`, SLEEP]));
        world.spec(`p${project}.yaml`, projectYaml(`p${project}`, agents));
      }
      const running = await world.start('--resync', `${RESYNC_MS}ms`);
      for (let project = 0; project < PROJECTS; project += 1) await world.ready(`p${project}`);
      expect(agentProcesses(world)).toHaveLength(PROJECTS * AGENTS);
      const reconciled = () => total(running, 'muxlet_reconcile_total');
      // Until everything has settled after the start: a whole pass without an action.
      await until('at rest', async () => {
        const actions = await total(running, 'muxlet_actions_total');
        await new Promise((resolve) => setTimeout(resolve, RESYNC_MS));
        return (await total(running, 'muxlet_actions_total')) === actions;
      });

      const passes = 3;
      const before = { at: Date.now(), done: await reconciled(), cpu: cpuMs(running.pid) };
      const commands = await total(running, 'muxlet_tmux_commands_total');
      await until('three passes', async () => (await reconciled()) >= before.done + passes * PROJECTS, 30_000);
      const seconds = (Date.now() - before.at) / 1000;
      const asked = (await total(running, 'muxlet_tmux_commands_total')) - commands;
      const cpu = (cpuMs(running.pid) - before.cpu) / 1000;
      const looks = (await reconciled()) - before.done;
      // The watch for deaths asks at most 12.5 times a second; beyond it, one look serves all projects of a moment.
      expect(asked).toBeLessThan(seconds * 13 + looks);
      // Processor time, not the clock: on a busy machine everything waits for its turn.
      expect(cpu / seconds).toBeLessThan(0.5);
      expect(await total(running, 'muxlet_agent_restarts_total')).toBe(0);
    }),
);
