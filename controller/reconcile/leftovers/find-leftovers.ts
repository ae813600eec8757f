/**
 * What is left over: the one place that sees orphans, zombies, leftover sessions and phantoms. The controller, `recover`
 * and `audit` all ask it. Pure; whoever acts on it asks twice. Where tmux or the processes could not be looked at,
 * nothing is left over: unknown is not gone.
 */
import { groupBy } from '../../api/group-by.ts';
import type { StoredObject } from '../../api/metadata.ts';
import { runStartedAt } from '../../api/observed.ts';
import type { Leftover, Ownership, World, WorldPane, WorldProcess, WorldSession } from '../../api/world.ts';

export function findLeftovers(world: World): readonly Leftover[] {
  const { tmux, processes } = world;
  if (tmux.state === 'Unknown' || processes.state === 'Unknown') return [];
  const things = { ...tmux.value, processes: processes.value };
  const known = knownUids(world);
  const records = new Map(world.objects.map((object) => [object.metadata.uid, object]));
  const recorded = new Set(world.objects.map(({ metadata }) => metadata.name));
  // Other controllers have agents on this machine as well, on servers of their own: those are none of our business.
  const own = things.processes.filter(({ uid, ownership }) => ownership === 'Ours' || known.has(uid));
  const uids = new Set(
    [
      ...things.sessions.map(({ uid }) => uid),
      ...things.panes.map(({ mark }) => mark.uid),
      ...own.map(({ uid }) => uid),
    ].filter((uid) => uid !== ''),
  );
  const of = byUid(things);
  const seen = [...uids].map((uid) => everythingOf(uid, of(uid)));
  return [
    ...seen.flatMap((one) => {
      const project = known.get(one.uid);
      if (project !== undefined) return leftOf({ ...one, project }, world.wanted, records.get(one.uid));
      return willBeAdopted(one, world.wanted, recorded) ? [] : [{ ...one, type: 'Orphan' as const }];
    }),
    ...phantoms(world, uids),
  ];
}

/** Projects by the uids that are on record. */
function knownUids({ objects, inventory }: World): ReadonlyMap<string, string> {
  return new Map([
    ...[...inventory].map(([project, uid]) => [uid, project] as const),
    ...objects.map(({ metadata: { uid, name } }) => [uid, name] as const),
  ]);
}

/** A project that is wanted and has no record yet takes over what bears its name, unless another controller made it. */
function willBeAdopted(
  { project, sessions }: Everything,
  wanted: World['wanted'],
  recorded: ReadonlySet<string>,
): boolean {
  if (sessions.some(({ ownership }) => ownership === 'Others')) return false;
  return wanted.has(project) && !recorded.has(project);
}

interface Things {
  readonly sessions: readonly WorldSession[];
  readonly panes: readonly WorldPane[];
  readonly processes: readonly WorldProcess[];
}

type Everything = Omit<Leftover, 'type'>;

/** All things of each project, gone through once however many projects there are. */
function byUid({ sessions, panes, processes }: Things): (uid: string) => Things {
  const sessionsOf = groupBy(sessions, ({ uid }) => uid);
  const panesOf = groupBy(panes, ({ mark }) => mark.uid);
  const processesOf = groupBy(processes, ({ uid }) => uid);
  return (uid) => ({
    sessions: sessionsOf.get(uid) ?? [],
    panes: panesOf.get(uid) ?? [],
    processes: processesOf.get(uid) ?? [],
  });
}

function everythingOf(uid: string, { sessions, panes, processes }: Things): Everything {
  const names = [...sessions, ...panes.map(({ mark }) => mark), ...processes].map(({ project }) => project);
  return {
    project: names.find((name) => name !== undefined && name !== '') ?? '',
    uid,
    ownership: ownershipOf([...sessions, ...processes].map(({ ownership }) => ownership)),
    sessions,
    panes,
    processes,
    startedAt: latestStart([...panes.map(({ mark }) => mark.run), ...processes.map(({ run }) => run)]),
  };
}

/** One thing of another controller's makes all of it that one's. */
function ownershipOf(all: readonly Ownership[]): Ownership {
  if (all.includes('Others')) return 'Others';
  return all.includes('Ours') ? 'Ours' : 'Unknown';
}

/** Of something whose age is not known all, the age is not known. */
function latestStart(runs: readonly string[]): number | undefined {
  const starts = runs.map(runStartedAt);
  if (starts.length === 0 || starts.includes(undefined)) return undefined;
  return Math.max(...starts.map(Number));
}

/** What is left over of a project that is on record. */
function leftOf(all: Everything, wanted: World['wanted'], object: StoredObject | undefined): Leftover[] {
  const living = new Set(all.panes.filter(({ dead }) => !dead).map(({ mark }) => mark.run));
  const lost = all.processes.filter(({ run }) => run !== '' && !living.has(run));
  const zombie: Leftover[] = lost.length === 0 ? [] : [{ ...all, type: 'Zombie', processes: lost }];
  const isOver = object?.status.conditions.some(({ type }) => type === 'Complete') === true;
  const ends = isOver && wanted.get(all.project)?.endsSession === true;
  // As the controller chooses: the others are what somebody copied our mark to.
  const own = all.sessions.find(({ name }) => name === all.project) ?? all.sessions[0];
  const further = ends ? all.sessions : all.sessions.filter((session) => session !== own);
  return further.length === 0 ? zombie : [...zombie, { ...all, type: 'LeftoverSession', sessions: further }];
}

function phantoms({ objects, wanted, specsUnsure }: World, uids: ReadonlySet<string>): Leftover[] {
  if (specsUnsure) return [];
  return objects
    .filter(({ metadata: { name, uid } }) => !wanted.has(name) && !uids.has(uid))
    .map(({ metadata: { name, uid } }) => ({
      type: 'Phantom',
      project: name,
      uid,
      ownership: 'Ours',
      sessions: [],
      panes: [],
      processes: [],
      startedAt: undefined,
    }));
}
