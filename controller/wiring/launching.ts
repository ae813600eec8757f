/** What starts have to do with: obstacles, the gate, the preparation, and what is remembered of them. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../act/agent/free-port.ts';
import { createLaunchRecords } from '../act/agent/launch-records.ts';
import { createFileMerger } from '../act/agent/merge-file.ts';
import { writeOwnFile } from '../act/agent/own-file.ts';
import { createLaunchPreparer, type LaunchPreparer } from '../act/agent/prepare-launch.ts';
import type { Desired, DesiredAgent } from '../api/desired.ts';
import { type Key, kindOf } from '../api/key.ts';
import type { PaneMark } from '../api/observed.ts';
import { findBriefingObstacles } from '../briefing/find-obstacles.ts';
import { systemClock } from '../exec/clock.ts';
import { createLooksAhead } from '../observe/launch-check/ahead.ts';
import { pathOf } from '../observe/launch-check/check-program.ts';
import { createNativePrograms } from '../observe/launch-check/native-programs.ts';
import { createLaunchCheck } from '../observe/launch-check.ts';
import type { Secrets } from '../observe/secrets.ts';
import type { ProjectEyes } from '../reconcile/project/gather.ts';
import type { Clock, SpecSource, StateStore } from '../runtime/ports.ts';
import type { SeenProject } from '../runtime/project-worker.ts';
import { createFirstRuns, type FirstRuns } from '../runtime/starts/first-runs.ts';
import { createStartGate } from '../runtime/starts/start-gate.ts';
import { inheritedEnvironment } from '../tmux/environment.ts';
import type { Briefings } from './briefings.ts';
import type { RunSettings } from './settings.ts';

export interface LaunchingOptions {
  readonly settings: Pick<RunSettings, 'state' | 'specs' | 'socket'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: Pick<Secrets, 'resolve'>;
  readonly clock: Clock;
  readonly specs: Pick<SpecSource, 'desiredProject'>;
  readonly hint: (key: Key) => void;
  readonly state: Pick<StateStore, 'keys' | 'object'>;
  readonly briefingOf: Briefings['textOf'];
}

export interface Launching {
  readonly launches: LaunchPreparer;
  readonly obstacles: ProjectEyes['obstacles'];
  /** Its agents are likely to be started in a moment: what would keep them from it is looked for already. */
  expect(desired: Desired): void;
  /** The same of the agent whose run has ended. */
  expectAgain(mark: Pick<PaneMark, 'project' | 'agent'>): void;
  /** Told of what a worker saw of a project. */
  seen(project: SeenProject): void;
  readonly firstRuns: Pick<FirstRuns, 'begun' | 'isFirst' | 'forgotten'>;
}

const NOTHING: readonly string[] = [];

export function createLaunching(options: LaunchingOptions): Launching {
  const { settings, env, secrets, clock, specs, hint, state, briefingOf } = options;
  const home = env['HOME'] ?? homedir();
  const agents = join(settings.state, 'agents');
  const bin = join(settings.state, 'bin');
  const records = createLaunchRecords(agents);
  const programs = createNativePrograms(systemClock.steady);
  /** Of our environment, which stays as it is, by what is asked of it. */
  const known = new WeakMap<readonly string[], Readonly<Record<string, string>>>();
  const firstRuns = createFirstRuns();
  let hasShim = false;
  const gate = createStartGate({ clock, hint, living: (agentClass) => livingAgents(state, agentClass) });
  const preparer = createLaunchPreparer({
    agents,
    home,
    records,
    merger: createFileMerger(join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'muxlet', 'locks')),
    resolveEnv: secrets.resolve,
    completeEnv: (agent, own) => ({
      ...handedOn(agent.program.inherit ?? NOTHING),
      ...own,
      MUXLET_STATE: settings.state,
      MUXLET_SPECS: settings.specs,
      MUXLET_TMUX_SOCKET: settings.socket,
      PATH: `${bin}:${own['PATH'] ?? pathOf({ env: [] }, env)}`,
    }),
    isSure: ({ workingDir }, [program = ''], { PATH: path = '' }) => programs.hasSoon({ program, path, workingDir }),
    briefingOf,
    newId: randomUUID,
    freePort,
    now: clock.now,
  });

  function handedOn(patterns: readonly string[]): Readonly<Record<string, string>> {
    const variables = known.get(patterns) ?? inheritedEnvironment(env, patterns);
    known.set(patterns, variables);
    return variables;
  }

  function lookForProgram(agent: DesiredAgent): void {
    const { argv, workingDir } = agent;
    programs.look({ program: argv[0] ?? '', path: `${bin}:${pathOf(agent, env)}`, workingDir });
  }

  const further = findBriefingObstacles;
  const findObstacles = createLaunchCheck({ env, home, agents, further, after: clock.after, now: systemClock.steady });
  const ahead = createLooksAhead(
    (agent: DesiredAgent) => findObstacles([agent]),
    systemClock.steady,
    (found) => found.length === 0,
  );

  function lookAhead(agent: DesiredAgent): void {
    lookForProgram(agent);
    ahead.begin(agent);
  }

  return {
    launches: {
      ...preparer,
      prepare(request) {
        if (!hasShim || !existsSync(join(bin, 'muxlet'))) writeShim(bin);
        hasShim = true;
        const { owner, agent, run } = request;
        gate.launched(owner.uid, agent, run);
        firstRuns.launched(owner.uid, agent.name, run);
        return preparer.prepare(request);
      },
    },
    expect(desired) {
      // A work tree is made first, where there is none yet.
      for (const agent of agentsOf(desired)) if (agent.workTree === undefined) lookAhead(agent);
    },
    expectAgain({ project, agent: name }) {
      const agent = agentsOf(specs.desiredProject(project)).find((candidate) => candidate.name === name);
      if (agent !== undefined) lookAhead(agent);
    },
    async obstacles(down, place) {
      for (const agent of down) lookForProgram(agent);
      const found = (await Promise.all(down.map(ahead.take))).flat();
      const free = down.filter(({ name }) => !found.some((obstacle) => obstacle.agent === name));
      return place.standing ? found : [...found, ...gate.hold(place, free)];
    },
    firstRuns,
    seen(project) {
      gate.seen(project);
      const { uid, status, desired } = project;
      const wanted = desired.type === 'Present' ? desired.project : undefined;
      for (const { name, run, pid, conversation } of status.agents) {
        if (run === undefined || pid === undefined) continue;
        if (conversation !== undefined) records.learn(uid, name, run, conversation);
        const agent = wanted?.agents.find((candidate) => candidate.name === name);
        if (agent !== undefined) preparer.restore({ owner: { project: wanted?.name ?? '', uid }, agent, run });
      }
    },
  };
}

function livingAgents(state: LaunchingOptions['state'], agentClass: string): string[] {
  return state.keys().flatMap((key) => {
    const agents = kindOf(key) === 'Project' ? (state.object(key)?.status.agents ?? []) : [];
    return agents.filter(({ class: name, pid }) => name === agentClass && pid !== undefined).map(({ uid }) => uid);
  });
}

/** `muxlet`, as agents call it: this very program, whatever else bears the name. */
function writeShim(bin: string): void {
  const words = [process.execPath, ...process.execArgv, process.argv[1] ?? ''].map(shellWord).join(' ');
  writeOwnFile(join(bin, 'muxlet'), `#!/bin/sh\nexec ${words} "$@"\n`, true);
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function agentsOf(desired: Desired): readonly DesiredAgent[] {
  return desired.type === 'Present' ? desired.project.agents : [];
}
