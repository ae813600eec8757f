import { type Key, keyOf } from '../api/key.ts';
import type { Mismatch } from '../api/world.ts';
import type { systemClock } from '../exec/clock.ts';
import { audit } from '../reconcile/leftovers/audit.ts';
import { findLeftovers } from '../reconcile/leftovers/find-leftovers.ts';
import type { ProjectEyes } from '../reconcile/project/gather.ts';
import { createLeftoverKeeper, type LeftoverKeeper } from '../runtime/leftovers/leftover-keeper.ts';
import type { Hands, SpecSource, StateStore } from '../runtime/ports.ts';
import { readOrphanAges, writeOrphanAges } from '../store/state/orphan-ages.ts';
import { createOrphanEnder } from './orphans.ts';
import type { RunSettings } from './settings.ts';
import type { createTmuxWorld } from './tmux-world.ts';
import { inventoryUids, isUnsure, lookAtWorld } from './world.ts';

export interface LeftoversOptions {
  readonly settings: Pick<RunSettings, 'state' | 'socket' | 'orphanGraceMs'>;
  readonly specs: SpecSource;
  readonly state: StateStore;
  readonly world: ReturnType<typeof createTmuxWorld>;
  readonly clock: typeof systemClock;
  readonly eyes: ProjectEyes;
  readonly hands: Hands;
  readonly mayAct: () => Promise<boolean>;
  readonly hint: (project: string) => void;
  readonly onMismatches: (found: readonly Mismatch[]) => void;
  readonly onForgotten: (key: Key, uid: string, agents: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
}

/** What the controller does about what is left over. */
export function createLeftovers(options: LeftoversOptions): LeftoverKeeper {
  const { settings, specs, state, world, clock, hint } = options;
  const { now, steady } = clock;
  const end = createOrphanEnder({ ...options, server: settings.socket, now, steady });
  return createLeftoverKeeper({
    clock,
    look: () =>
      lookAtWorld({
        home: settings,
        specs,
        objects: () => state.keys().flatMap((key) => state.object(key) ?? []),
        inventory: () => inventoryUids(new Map(state.inventoryKeys().flatMap((key) => entryOf(key)))),
        panes: world.eyes.everything,
        processes: world.marked.all,
      }),
    findLeftovers,
    audit,
    graceMs: settings.orphanGraceMs,
    ages: {
      read: () => readOrphanAges(settings.state),
      write: (ages) => writeOrphanAges(settings.state, ages),
    },
    mayAct: options.mayAct,
    onMismatches: options.onMismatches,
    onZombie: hint,
    end,
    isNobodys: ({ project, uid }) => {
      const isRecorded = state.keys().some((key) => state.object(key)?.metadata.uid === uid);
      // What is wanted and has no record yet takes over what bears its name.
      const isWanted = specs.desiredProject(project).type !== 'Absent';
      const willBeAdopted = isWanted && state.object(keyOf('Project', project)) === undefined;
      return !isRecorded && !willBeAdopted && !specs.problems().some(isUnsure);
    },
    record: (project, uid, note) => {
      state.recordEvent({ kind: 'Project', name: project === '' ? uid : project, uid }, note);
    },
    onError: options.onError,
  });

  function entryOf(key: Key): [Key, { readonly uid: string }][] {
    const entry = state.inventory(key);
    return entry === undefined ? [] : [[key, entry]];
  }
}
