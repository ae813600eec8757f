import { NOT_QUEUED } from '../api/admission.ts';
import type { StopPolicy } from '../api/desired.ts';
import { NOTHING_OF_HEALTH } from '../api/health.ts';
import { type Key, keyOf } from '../api/key.ts';
import type { Leftover } from '../api/world.ts';
import { decideProject } from '../reconcile/project/decide.ts';
import { gather, lookAtTmux, type ProjectEyes } from '../reconcile/project/gather.ts';
import type { Hands, StateStore } from '../runtime/ports.ts';
import { createProjectWorker } from '../runtime/project-worker.ts';
import { memoryState, unrecorded } from './memory-state.ts';

export interface OrphanEnderOptions {
  readonly eyes: Pick<ProjectEyes, 'tmux' | 'output' | 'processes'>;
  readonly hands: Hands;
  readonly state: Pick<StateStore, 'recordEvent' | 'journal'>;
  /** The server for what is on none. */
  readonly server: string;
  readonly now: () => number;
  readonly steady: () => number;
  /** What was kept of it on disk goes with it. */
  readonly onForgotten: (key: Key, uid: string, agents: readonly string[]) => void;
}

/** Nobody knows its class any more: TERM, and after that time KILL. */
const STOP: StopPolicy = { graceMs: 10_000 };

/**
 * Ends an orphan by the way that every removal takes, as an object of which nothing but its marks is known. @returns one
 * step of work; true once nothing of it is left
 */
export function createOrphanEnder({ eyes, hands, state, server, now, steady, onForgotten }: OrphanEnderOptions) {
  const all: ProjectEyes = {
    ...eyes,
    // Everywhere, and not only where the present object of the name is at home.
    tmux: (request) => eyes.tmux({ ...request, server: undefined, agents: undefined }),
    obstacles: async () => [],
    probes: () => [],
    readings: () => [],
    health: () => NOTHING_OF_HEALTH,
    reports: () => new Map(),
    words: () => [],
    redact: async (_agent, lines) => lines,
  };
  return ({ project, uid, sessions, panes, processes }: Leftover): (() => Promise<boolean>) => {
    const key = keyOf('Project', project);
    const names = new Set([...panes.map(({ mark }) => mark.agent), ...processes.map(({ agent }) => agent)]);
    const inventory = {
      uid,
      server: sessions[0]?.server ?? server,
      agents: Object.fromEntries([...names].map((name) => [name, STOP])),
    };
    let isGone = false;
    const worker = createProjectWorker({
      specs: { desiredProject: () => ({ type: 'Absent', confirmed: true }) },
      state: memoryState(key, { object: unrecorded(project, uid, now()), inventory }, state),
      hands,
      walk: {
        look: (request, previous) => lookAtTmux(all, request, previous),
        gather: (input) => gather(all, input),
        decide: decideProject,
      },
      now,
      steady,
      newUid: () => uid,
      placeProject: () => server,
      admission: () => NOT_QUEUED,
      overlay: () => ({}),
      onObserved: () => undefined,
      onAction: () => undefined,
      say: () => undefined,
      onExpired: () => undefined,
      onForgotten: (...gone) => {
        onForgotten(...gone);
        isGone = true;
      },
    });
    return async () => {
      await worker.work(key, steady());
      return isGone;
    };
  };
}
