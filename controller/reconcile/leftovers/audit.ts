import { groupBy } from '../../api/group-by.ts';
import type { StoredObject } from '../../api/metadata.ts';
import type { Leftover, Mismatch, World, WorldPane } from '../../api/world.ts';
import { repositoryMismatches } from './audit-repositories.ts';
import { findLeftovers } from './find-leftovers.ts';

/**
 * Everything in which specs, records, tmux and processes disagree. Pure.
 *
 * @param leftovers what `findLeftovers` says of this world, where it was asked already
 */
export function audit(world: World, leftovers: readonly Leftover[] = findLeftovers(world)): readonly Mismatch[] {
  const panes = world.tmux.state === 'Known' ? world.tmux.value.panes.filter(({ dead }) => !dead) : [];
  const panesOf = groupBy(panes, ({ mark }) => mark.uid);
  return [
    ...notLooked(world),
    ...leftovers.map(mismatchOf),
    ...unapplied(world),
    ...unconfirmed(world),
    ...repositoryMismatches(world),
    ...world.objects.flatMap((object) => recordMismatches(object, panesOf.get(object.metadata.uid) ?? [], world)),
  ].sort((a, b) => (a.object < b.object ? -1 : Number(a.object > b.object)));
}

function notLooked({ tmux, processes, specsUnsure }: World): Mismatch[] {
  const failed = [tmux, processes].flatMap((look) => (look.state === 'Unknown' ? [look.message] : []));
  const specs = specsUnsure ? ["a spec cannot be read: see 'muxlet get problems'"] : [];
  return [...failed, ...specs].map((message) => ({ type: 'NotLooked', object: '-', message }));
}

/** A leftover in words. */
export function mismatchOf(leftover: Leftover): Mismatch {
  const { type, project, uid } = leftover;
  const object = project === '' ? `uid ${uid}` : `project/${project}`;
  switch (type) {
    case 'Orphan':
      return { type, object, message: `${thingsOf(leftover)} of ${uid}, which is on no record${ownerText(leftover)}` };
    case 'Zombie':
      return { type, object, message: `${thingsOf({ ...leftover, sessions: [], panes: [] })} without a pane` };
    case 'LeftoverSession':
      return {
        type,
        object,
        message: `${thingsOf({ ...leftover, panes: [], processes: [] })} more than there should be`,
      };
    case 'Phantom':
      return { type, object, message: 'a status without spec, session and process' };
  }
}

function ownerText({ ownership }: Leftover): string {
  switch (ownership) {
    case 'Ours':
      return '';
    case 'Others':
      return "; it is another controller's";
    case 'Unknown':
      return '; whose it is cannot be told';
  }
}

function thingsOf({ sessions, panes, processes }: Leftover): string {
  const parts = [
    ...sessions.map(({ id, name, server }) => `session ${id} (${name}) on ${server}`),
    ...(sessions.length === 0 ? panes.map(({ id, server }) => `pane ${id} on ${server}`) : []),
    ...(processes.length === 0 ? [] : [`processes ${processes.map(({ pid }) => pid).join(', ')}`]),
  ];
  return parts.join(', ');
}

function unapplied({ wanted, objects }: World): Mismatch[] {
  const records = new Map(objects.map((object) => [object.metadata.name, object]));
  return [...wanted].flatMap(([name, { specHash }]) => {
    const stored = records.get(name);
    const found = (message: string): Mismatch[] => [{ type: 'Unapplied', object: `project/${name}`, message }];
    if (stored === undefined) return found('its spec has not been taken up');
    return stored.specHash === specHash ? [] : found('its spec has changed since it was taken up');
  });
}

function unconfirmed({ objects, inventory, wanted }: World): Mismatch[] {
  const leaving = objects.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const stored = new Set(objects.map(({ metadata }) => metadata.name));
  const unrecorded = [...inventory.keys()].filter((name) => !stored.has(name) && !wanted.has(name));
  const found = (name: string, message: string): Mismatch => ({
    type: 'UnconfirmedDelete',
    object: `project/${name}`,
    message,
  });
  return [
    ...leaving.map(({ metadata: { name, deletionTimestamp } }) =>
      found(name, `it is being removed since ${deletionTimestamp}`),
    ),
    ...unrecorded.map((name) => found(name, 'the inventory names it, and nothing else does')),
  ];
}

/** Where an object's record and its panes disagree. */
function recordMismatches({ metadata, status }: StoredObject, panes: readonly WorldPane[], world: World): Mismatch[] {
  if (world.tmux.state === 'Unknown') return [];
  const { name } = metadata;
  const of = (agent: string) => `agent/${name}.${agent}`;
  const recorded = status.agents.flatMap((agent): Mismatch[] => {
    const own = panes.filter(({ mark }) => mark.agent === agent.name);
    const object = of(agent.name);
    if (own.length > 1) {
      const ids = own.map(({ id, server }) => `${id} on ${server}`).join(', ');
      return [{ type: 'DuplicateAgent', object, message: `it runs in several panes: ${ids}` }];
    }
    if (agent.pid === undefined) return [];
    const [pane] = own;
    if (pane === undefined) {
      return [{ type: 'MissingPane', object, message: `process ${agent.pid} is on record, and no pane of it lives` }];
    }
    if (pane.pid === agent.pid) return [];
    return [
      { type: 'WrongProcess', object, message: `process ${agent.pid} is on record, and its pane has ${pane.pid}` },
    ];
  });
  const names = new Set(status.agents.map((agent) => agent.name));
  const unknown = panes
    .filter(({ mark }) => !names.has(mark.agent))
    .map(
      ({ id, mark, pid }): Mismatch => ({
        type: 'Unrecorded',
        object: of(mark.agent),
        message: `process ${pid} runs in pane ${id}, and is not on record`,
      }),
    );
  return [...recorded, ...unknown];
}
