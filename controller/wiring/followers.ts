import { join } from 'node:path';
import type { Fifos } from '../act/fifos.ts';
import { type Key, nameOf } from '../api/key.ts';
import { agentFiles } from '../api/launch-record.ts';
import { agentUid } from '../api/metadata.ts';
import type { PaneMark } from '../api/observed.ts';
import type { FifoHints } from '../observe/fifo-hints.ts';
import type { TerminalHints } from '../observe/terminal-hints.ts';
import type { OutputKeeper } from '../runtime/output/output-keeper.ts';
import type { Places } from '../runtime/places.ts';
import type { Freshness } from '../runtime/pool.ts';
import type { Prober } from '../runtime/probes/prober.ts';
import type { SeenProject } from '../runtime/project-worker.ts';
import type { Reader } from '../runtime/readings/reader.ts';
import type { SignKeeper } from '../runtime/signs/sign-keeper.ts';
import type { createHealth } from './health.ts';
import type { Replacements } from './replacements.ts';

export interface FollowersOptions {
  /** state/agents */
  readonly agentsDirectory: string;
  readonly places: Places;
  readonly freshness: Freshness;
  readonly fifos: Fifos;
  readonly fifoHints: FifoHints;
  readonly terminalHints: Pick<TerminalHints, 'watch' | 'forget'>;
  readonly prober: Prober;
  readonly signs: Pick<SignKeeper, 'seen' | 'forgotten'>;
  readonly reader: Reader;
  readonly keeper: OutputKeeper;
  readonly replacements: Replacements;
  readonly health: Pick<ReturnType<typeof createHealth>, 'seen' | 'forgotten'>;
  readonly course: (project: SeenProject) => void;
  /** Keeps a file of hook records from growing for ever. */
  readonly bound: (records: string) => void;
  readonly hint: (project: string) => void;
  /** The same, of a run whose terminal is gone: tmux knows by then. */
  readonly ended: (mark: Pick<PaneMark, 'project' | 'agent'>) => void;
  readonly now: () => number;
}

/** Between two looks at how long an agent's hook records are, in milliseconds. */
const BOUND_MS = 60_000;

/** Those who want to know what was seen of a project, and that it is gone: hints, probes, outputs, figures. */
export interface Followers {
  /** Listens for the end of a run, by the FIFO that it holds. */
  listen(project: string, run: string, fifo: string): void;
  observed(project: SeenProject): void;
  forgotten(key: Key, uid: string, agents: readonly string[]): void;
  /** The object stays, and what is kept of its agents' runs goes. */
  expired(uid: string, agents: readonly string[]): void;
}

export function createFollowers(options: FollowersOptions): Followers {
  const {
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
    course,
    bound,
    hint,
    ended,
    now,
  } = options;
  const fifoOf = (uid: string, agent: string): string => join(agentsDirectory, agentUid(uid, agent), 'alive');

  /** Per project: its agents, as they were seen last. */
  const known = new Map<string, readonly string[]>();

  function listen(project: string, run: string, fifo: string): void {
    fifoHints.watch(fifo, run, () => {
      // Of two that tell the same, one is enough.
      terminalHints.forget(run);
      hint(project);
    });
  }

  /** Per project: when its agents' hook records were looked at last. */
  const boundedAt = new Map<string, number>();

  function boundAll(uid: string, names: readonly string[]): void {
    if (Math.abs(now() - (boundedAt.get(uid) ?? 0)) < BOUND_MS) return;
    boundedAt.set(uid, now());
    for (const name of names) bound(agentFiles(agentsDirectory, uid, name).records);
  }

  /** What is kept of agents that are gone for good, on disk as well: they printed who knows what. */
  function forget(uid: string, agents: readonly string[]): void {
    keeper.forget(agents.map((agent) => agentUid(uid, agent)));
    for (const agent of agents) {
      const own = agentUid(uid, agent);
      fifoHints.forget(fifoOf(uid, agent));
      fifos.remove(own);
      replacements.forget(own);
    }
  }

  return {
    listen,
    observed(project) {
      const { key, uid, tmux, status } = project;
      const names = status.agents.map(({ name }) => name);
      const gone = (known.get(uid) ?? []).filter((name) => !names.includes(name));
      if (gone.length > 0) forget(uid, gone);
      known.set(uid, names);
      boundAll(uid, names);
      prober.seen(project);
      signs.seen(project);
      reader.seen(project);
      health.seen(project);
      course(project);
      if (tmux.state === 'Unknown') return;
      replacements.seen(status.agents, now());
      const { panes } = tmux.value;
      const ids = panes.flatMap(({ server, sessionId, windowId, id }) => [
        { server, id: sessionId },
        { server, id: windowId },
        { server, id },
      ]);
      places.learn(key, ids);
      for (const { dead, mark, pid } of panes) {
        if (dead || mark?.uid !== uid) continue;
        const told = terminalHints.watch(mark.run, pid, () => {
          ended({ project: nameOf(key), agent: mark.agent });
        });
        if (!told) listen(nameOf(key), mark.run, fifoOf(uid, mark.agent));
      }
    },
    expired: forget,
    forgotten(key, uid, agents) {
      places.forget(key);
      health.forgotten(uid, agents);
      signs.forgotten(uid);
      // An older look would still show what is gone, and a new object of the name would take it for its own.
      freshness.want(key);
      forget(uid, agents);
      known.delete(uid);
      boundedAt.delete(uid);
    },
  };
}
