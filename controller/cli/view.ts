import { checkInMessages } from '../api/check-ins.ts';
import type { Event, Project } from '../api/generated/all.ts';
import { agentsOf, mergeProject, problemObject } from './merge.ts';
import type { ApiObject, ObjectOf } from './object.ts';
import { shortPath } from './options.ts';
import { withOrigin } from './origin.ts';
import type { CliDeps, Controller, Places, SpecsView, StateView } from './ports.ts';

/** Everything that the reading verbs show, as of one moment. Made from files alone, with no effect on any of them. */
export interface View {
  readonly specs: SpecsView;
  readonly state: StateView;
  readonly controller: Controller | undefined;
  objects<Kind extends ApiObject['kind']>(kind: Kind): readonly ObjectOf<Kind>[];
}

export async function loadView(deps: Pick<CliDeps, 'controller' | 'stores' | 'cwd'>, places: Places): Promise<View> {
  const [specs, state, controller] = await Promise.all([
    deps.stores.specs(places),
    deps.stores.state(places),
    deps.controller.find(places),
  ]);
  const projects = mergedProjects(specs, state);
  const all: { readonly [Kind in ApiObject['kind']]: readonly ObjectOf<Kind>[] } = {
    Project: projects,
    Agent: projects.flatMap(agentsOf),
    AgentClass: written('AgentClass', specs, state),
    AgentRole: written('AgentRole', specs, state),
    Team: written('Team', specs, state),
    Message: [...written('Message', specs, state), ...unwrittenMessages(projects, state)],
    Queue: written('Queue', specs, state),
    GitSource: written('GitSource', specs, state),
    Alert: written('Alert', specs, state),
    Event: [...state.events].sort(byLastSeen),
    Problem: specs.problems.map((problem) => problemObject({ ...problem, file: shortPath(deps.cwd, problem.file) })),
  };
  return { specs, state, controller, objects: (kind) => [...all[kind]].sort(orderOf(kind)) };
}

function mergedProjects(specs: SpecsView, state: StateView): ObjectOf<'Project'>[] {
  const written = new Map<string, Project>();
  for (const one of specs.objects) {
    const { object, ...from } = one;
    if (object.kind === 'Project') written.set(object.metadata.name, withOrigin({ ...from, object }));
  }
  const stored = new Map(
    state.objects.filter(({ kind }) => kind === 'Project').map((object) => [object.metadata.name, object]),
  );
  return [...new Set([...written.keys(), ...stored.keys()])].map((name) =>
    mergeProject(name, { spec: written.get(name), stored: stored.get(name) }),
  );
}

type WrittenKind = 'AgentClass' | 'AgentRole' | 'Team' | 'Message' | 'Queue' | 'GitSource' | 'Alert';

/** What people wrote of a kind, with what the controller says of it. */
function written<Kind extends WrittenKind>(kind: Kind, { objects }: SpecsView, state: StateView): ObjectOf<Kind>[] {
  const stored = new Map<string, StateView['objects'][number]>(
    state.objects.filter((object) => object.kind === kind).map((object) => [object.metadata.name, object]),
  );
  return objects.flatMap((one) => {
    if (one.object.kind !== kind) return [];
    const object = withOrigin(one);
    const { metadata, status } = stored.get(object.metadata.name) ?? {};
    const shown = { ...object, metadata: { ...metadata, ...object.metadata } };
    return [(status === undefined ? shown : { ...shown, status }) as ObjectOf<Kind>];
  });
}

/** Messages that stand in no spec file of their own: such as were sent, and the check-ins of agents. */
function unwrittenMessages(projects: readonly ObjectOf<'Project'>[], state: StateView): ObjectOf<'Message'>[] {
  const checkIns = projects.flatMap(({ metadata, spec }) => checkInMessages(metadata.name, spec?.agents ?? []));
  const objects = [...state.sent, ...checkIns].map((object) => ({ object }));
  return written('Message', { objects, problems: [] }, state);
}

function byLastSeen(a: Event, b: Event): number {
  return Date.parse(a.lastTimestamp) - Date.parse(b.lastTimestamp);
}

/** By name; events stay in the order of time, problems in that of the files. */
function orderOf(kind: ApiObject['kind']): (a: ApiObject, b: ApiObject) => number {
  if (kind === 'Event' || kind === 'Problem') return () => 0;
  return ({ metadata: a }, { metadata: b }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/**
 * Says on stderr that what is shown may be out of date, since nobody keeps it up to date.
 */
export function noteAbsentController(view: View, deps: Pick<CliDeps, 'stderr'>): void {
  if (view.controller !== undefined) return;
  const { asOf } = view.state;
  const when = asOf === undefined ? 'the specs alone' : `as of ${new Date(asOf).toISOString()}`;
  deps.stderr.write(`no controller runs; what is shown is ${when}\n`);
}
