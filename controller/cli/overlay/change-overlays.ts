import { join } from 'node:path';
import { OVERLAY, type Overlay } from '../../api/admission.ts';
import { MuxletError } from '../../api/errors.ts';
import { keyOf } from '../../api/key.ts';
import { annotationsFor, overlayPath, readOverlay, writeOverlay } from '../../store/overlays/overlay-file.ts';
import type { ProjectObject } from '../object.ts';
import type { CliDeps, Places } from '../ports.ts';
import type { Change } from '../render/changes.ts';
import { reportError } from '../report-error.ts';
import { notFound, parseResources } from '../resources.ts';
import { parseSelector, selects } from '../selector.ts';
import { loadView, type View } from '../view.ts';

const LOCK_TIMEOUT_MS = 30_000;

export interface AskFlags {
  readonly selector?: string;
  readonly all?: true;
}

export interface Asked {
  readonly overlay: Overlay;
  readonly verb: Change['verb'];
}

/** What is to be asked of a project, from what is asked of it now; undefined if nothing changes. */
export type Ask = (project: ProjectObject, before: Overlay) => Asked | undefined;

export interface AskContext {
  readonly deps: CliDeps;
  readonly places: Places;
  readonly flags: AskFlags;
}

/**
 * Writes what is asked of projects into state/overlays/, one verb at a time: each reads what the ones before it wrote.
 * The controller only reads these files, and may run or not. A project of which it cannot be asked is an error of its
 * own, and the others are asked all the same.
 *
 * @throws MUX_LOCK_TIMEOUT after 30 s
 */
export async function askProjects(
  resources: readonly string[],
  { deps, places, flags }: AskContext,
  ask: Ask,
): Promise<readonly Change[]> {
  return withOverlays({ deps, places }, (view) => {
    const changes = askEach(chosenProjects(resources, flags, view), { view, deps, places }, ask);
    const asked = changes.some(({ verb }) => verb !== 'unchanged');
    if (asked && view.controller === undefined) {
      deps.stderr.write('no controller runs; it is asked for, and done once one is started\n');
    }
    return changes;
  });
}

/**
 * The same for projects by uid, those that are not there any more left out, and without a word.
 *
 * @throws MUX_LOCK_TIMEOUT after 30 s
 */
export async function noteOfProjects(
  uids: readonly string[],
  { deps, places }: Pick<AskContext, 'deps' | 'places'>,
  ask: Ask,
): Promise<void> {
  await withOverlays({ deps, places }, (view) => {
    const known = view.objects('Project').filter(({ metadata: { uid } }) => uid !== undefined && uids.includes(uid));
    askEach(
      known.map(({ metadata }) => metadata.name),
      { view, deps, places },
      ask,
    );
  });
}

function withOverlays<T>({ deps, places }: Pick<AskContext, 'deps' | 'places'>, use: (view: View) => T): Promise<T> {
  const lock = join(places.state, 'locks', 'overlays.lock');
  return deps.locks.withLock(lock, LOCK_TIMEOUT_MS, async () => use(await loadView(deps, places)));
}

function askEach(
  names: readonly string[],
  { view, deps, places }: Pick<AskContext, 'deps' | 'places'> & { readonly view: View },
  ask: Ask,
): readonly Change[] {
  return names.flatMap((name) => {
    try {
      const verb = askOne(name, { view, places }, ask);
      return [{ kind: 'Project', name, verb: verb ?? 'unchanged' } satisfies Change];
    } catch (error) {
      reportError(error, deps);
      return [];
    }
  });
}

function askOne(
  name: string,
  { view, places }: { readonly view: View; readonly places: Places },
  ask: Ask,
): Change['verb'] | undefined {
  const project = view.objects('Project').find(({ metadata }) => metadata.name === name);
  if (project === undefined) throw notFound(PROJECTS, name);
  const key = keyOf('Project', name);
  const file = readOverlay(places.state, key);
  if (file.type === 'Corrupt' || file.type === 'Unreadable') {
    throw new MuxletError('MUX_CONFLICT', `${overlayPath(places.state, key)}: ${file.message}`, {
      hint: 'remove the file, and run the command again',
    });
  }
  const { uid } = project.metadata;
  const before = annotationsFor(file.type === 'Loaded' ? file.value : undefined, uid);
  const asked = ask(project, before);
  if (asked === undefined) return undefined;
  const annotations = asked.overlay;
  // What is asked behind a reset is asked of the object that comes out of it, whose uid nobody knows yet.
  const isOfNext = annotations[OVERLAY.reset] === uid && Object.keys(annotations).length > 1;
  writeOverlay(places.state, key, { ...(uid !== undefined && !isOfNext && { uid }), annotations });
  return asked.verb;
}

const [PROJECTS] = parseResources(['projects']).kinds as [ReturnType<typeof parseResources>['kinds'][number]];

/** @throws MUX_USAGE where anything but projects is named, or nothing at all */
export function chosenProjects(
  resources: readonly string[],
  { selector, all }: AskFlags,
  view: View,
): readonly string[] {
  const query = parseResources(resources);
  const other = query.kinds.find(({ kind }) => kind !== 'Project');
  if (other !== undefined) throw new MuxletError('MUX_USAGE', `this is for projects, not for ${other.plural}`);
  if (query.type === 'Names') return query.names.map(({ name }) => name);
  if (selector === undefined && !all) throw new MuxletError('MUX_USAGE', 'name the projects, or give -l or --all');
  const clauses = parseSelector(selector ?? '');
  return view
    .objects('Project')
    .filter(({ metadata }) => selects(clauses, metadata.labels))
    .map(({ metadata }) => metadata.name);
}

/** What is asked, less one thing. */
export function without(before: Overlay, annotation: string): Overlay {
  return Object.fromEntries(Object.entries(before).filter(([name]) => name !== annotation));
}
