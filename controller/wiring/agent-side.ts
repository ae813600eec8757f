/** Everything that follows the agents that run: what they say and print, their probes, their health, their ends. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { boundRecords } from '../act/agent/bound-records.ts';
import { createFifos } from '../act/fifos.ts';
import { stackOf } from '../api/errors.ts';
import { type Key, keyOf } from '../api/key.ts';
import type { Word } from '../api/word.ts';
import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createFifoHints } from '../observe/fifo-hints.ts';
import { capturePaneOutput } from '../observe/pane-output.ts';
import type { Secrets } from '../observe/secrets.ts';
import { createTerminalHints } from '../observe/terminal-hints.ts';
import { createOutputKeeper } from '../runtime/output/output-keeper.ts';
import type { Places } from '../runtime/places.ts';
import type { Freshness } from '../runtime/pool.ts';
import type { SpecSource, StateStore } from '../runtime/ports.ts';
import { createProber } from '../runtime/probes/prober.ts';
import { createOutputLog } from '../store/state/output-log.ts';
import type { StateProblem } from '../store/state/state-problem.ts';
import { tmuxEnvironment } from '../tmux/environment.ts';
import { variablesOf } from './agent-output.ts';
import { courseFigures } from './course-figures.ts';
import { createFollowers } from './followers.ts';
import { createHealth } from './health.ts';
import { createJudge } from './judge.ts';
import type { Launching } from './launching.ts';
import type { Log } from './log.ts';
import { createAgentRunner, createProbeRunner } from './probes.ts';
import { createReadings } from './readings.ts';
import { createReplacements } from './replacements.ts';
import { createSigns } from './signs.ts';
import type { TmuxWorld } from './tmux-world.ts';

export interface AgentSideOptions {
  /** The state directory. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly specs: SpecSource;
  readonly state: StateStore;
  readonly world: TmuxWorld;
  readonly expectAgain: Launching['expectAgain'];
  readonly secrets: Secrets;
  readonly launches: Launching['launches'];
  readonly places: Places;
  readonly freshness: Freshness;
  readonly hint: (key: Key) => void;
  readonly hintAtLeisure: (key: Key) => void;
  readonly hintAmongMany: (key: Key) => void;
  readonly say: (word: Word) => void;
}

export function createAgentSide(options: AgentSideOptions) {
  const { env, log, metrics, specs, world, secrets, places, freshness, hint, hintAtLeisure, hintAmongMany } = options;
  const clock = systemClock;
  const agentsDirectory = join(options.directory, 'agents');
  const failed = (what: string) => (error: unknown) => {
    log.error(what, { error: stackOf(error) });
  };
  const tellOutput = ({ type, ...fields }: StateProblem): void => {
    log.warn("an agent's output", { reason: type, ...fields });
  };
  const run = createProbeRunner(secrets, options.launches, env);
  const prober = createProber({
    clock,
    run,
    onOutcome: metrics.agentHooks.onProbe,
    onChange: hint,
    onError: failed('a probe failed to run'),
  });
  const signs = createSigns({
    clock,
    run,
    judge: createJudge({
      directory: join(options.directory, 'judge'),
      start: createAgentRunner(options.launches, env),
      secrets,
      now: clock.now,
    }),
    server: world.servers.get,
    hint,
    failed: failed('a sign of finished work could not be looked at'),
  });
  const reader = createReadings({
    clock,
    servers: world.servers,
    secrets,
    agentsDirectory,
    home: env['HOME'] ?? homedir(),
    log,
    onChange: hint,
    onError: failed('an agent could not be read'),
  });
  const health = createHealth({
    specs,
    state: options.state,
    env,
    table: world.table,
    readings: reader.results,
    hint,
    hintAtLeisure,
    hintAmongMany,
    failed,
    say: options.say,
    hooks: metrics.agentHooks,
  });
  const keeper = createOutputKeeper({
    clock,
    capture: (pane, rows) => capturePaneOutput(world.servers.get(pane.server), pane, rows),
    redact: (mark, lines) => secrets.redact(variablesOf(specs, mark), lines),
    // Told, but no want of readiness: what an ended run printed is not written again, so that nothing would heal it.
    log: createOutputLog(agentsDirectory, tellOutput, metrics.stateHooks.onWrite),
    onError: failed("an agent's output was not saved"),
  });
  const fifoHints = createFifoHints();
  const terminalHints = createTerminalHints({ stat: world.table.stat });
  const areFifosNeeded = async (): Promise<boolean> => !(await terminalHints.tell());
  const fifos = createFifos(agentsDirectory, tmuxEnvironment(env), areFifosNeeded);
  const replacements = createReplacements(metrics.agentHooks.onReplaced);
  const followers = createFollowers({
    agentsDirectory,
    places,
    freshness,
    fifos,
    fifoHints,
    terminalHints,
    prober,
    signs,
    reader,
    keeper,
    replacements,
    health,
    course: courseFigures(metrics.courseHooks),
    bound: (records) => {
      try {
        boundRecords(records);
      } catch (error) {
        failed("an agent's hook records could not be put aside")(error);
      }
    },
    hint: (project) => {
      hint(keyOf('Project', project));
    },
    ended: (mark) => {
      hint(keyOf('Project', mark.project));
      try {
        world.eyes.begin(mark.project);
        options.expectAgain(mark);
      } catch (error) {
        // Only ahead of time: who is hinted at looks for himself.
        failed('what an end calls for was not looked at ahead')(error);
      }
    },
    now: clock.now,
  });

  return {
    prober,
    signs,
    reader,
    health,
    keeper,
    fifos,
    followers,
    areEndsTold: terminalHints.isTelling,
    heardOf: terminalHints.heardOf,
    close(): void {
      prober.close();
      signs.close();
      health.close();
      reader.close();
      keeper.close();
      fifoHints.close();
      terminalHints.close();
    },
  };
}
