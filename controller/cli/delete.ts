import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { keyOf } from '../api/key.ts';
import type { SpecKind } from '../api/kinds.ts';
import { overlayPath } from '../store/overlays/overlay-file.ts';
import { markDeleted } from '../store/sources/deletions.ts';
import { findOrigin } from '../store/sources/find-object.ts';
import { keptPath } from '../store/sources/source-files.ts';
import { readWaiting } from '../store/sources/waiting-file.ts';
import { removeObject } from '../store/specs/rewrite.ts';
import { parseNamesOnly } from './apply.ts';
import { DRY_RUN_OPTION, isDryRun } from './dry-run.ts';
import { parseDuration } from './duration.ts';
import { labelsOf } from './object.ts';
import { placesOf } from './options.ts';
import type { CliDeps, Places } from './ports.ts';
import { readInputs } from './read-inputs.ts';
import { type Change, renderChanges } from './render/changes.ts';
import { reportError } from './report-error.ts';
import { kindNamed, notFound, parseResources } from './resources.ts';
import { parseSelector, selects } from './selector.ts';
import { locateOne, rewritten, type SpecId } from './spec-text.ts';
import { refuseInvalid, validateInputs } from './validate-inputs.ts';
import { loadView } from './view.ts';
import { waitForAll } from './wait-for.ts';
import { changeSpecs, type SpecFiles } from './write-specs.ts';

interface DeleteFlags {
  readonly filename?: readonly string[];
  readonly recursive?: true;
  readonly selector?: string;
  readonly all?: true;
  readonly wait?: string | boolean;
  readonly timeout: string;
  readonly dryRun?: string | true;
  readonly ignoreNotFound?: true;
  readonly output?: string;
}

export function addDelete(program: Command, deps: CliDeps): void {
  program
    .command('delete')
    .summary('remove objects from the specs')
    .description('Removes objects from their spec files; the controller then ends what runs of them.')
    .argument('[resources...]', 'TYPE NAME… or TYPE/NAME…; TYPE with -l or --all')
    .option('-f, --filename <path...>', 'the objects of a file, a directory, or - for standard input')
    .option('-R, --recursive', 'also the folders below the directories of -f')
    .option('-l, --selector <labels>', 'the objects with these labels')
    .option('--all', 'all objects of the type')
    .option('--wait [true|false]', 'wait until what runs of them has ended, if a controller runs', 'true')
    .option('--timeout <duration>', 'how long to wait', '5m')
    .option('--ignore-not-found', 'an object that is not there is no error')
    .option(...DRY_RUN_OPTION)
    .option('-o, --output <format>', 'name: print only the names of the objects')
    .action(async (resources: string[], flags: DeleteFlags, command: Command) => {
      const places = placesOf(command, deps);
      const dryRun = isDryRun(flags.dryRun);
      const timeoutMs = parseDuration(flags.timeout);
      const namesOnly = parseNamesOnly(flags.output);
      const wanted = await wantedObjects(resources, flags, { deps, places });
      const { changes, missing } = await changeSpecs(deps, { places, dryRun }, (files) =>
        deleteObjects(wanted, files, { places, dryRun, now: deps.now() }),
      );
      if (!dryRun) forgetWishes(changes, places);
      deps.stdout.write(renderChanges(changes, { dryRun, namesOnly }));
      if (!flags.ignoreNotFound) for (const error of missing) reportError(error, deps);
      if (dryRun || flags.wait === 'false' || changes.length === 0) return;
      // Without a controller nobody ends anything, and waiting would only be waiting for the timeout.
      if ((await deps.controller.find(places)) === undefined) return;
      await waitForAll(changes, { type: 'Removed' }, { deps, places, timeoutMs });
    });
}

interface DeleteContext {
  readonly deps: CliDeps;
  readonly places: Places;
}

async function wantedObjects(
  resources: readonly string[],
  { filename, recursive, selector, all }: DeleteFlags,
  { deps, places }: DeleteContext,
): Promise<readonly SpecId[]> {
  if (filename !== undefined) {
    if (resources.length > 0) throw new MuxletError('MUX_USAGE', 'names and -f cannot be given together');
    const { objects, problems } = validateInputs(await readInputs(filename, { recursive: recursive ?? false }, deps));
    refuseInvalid(problems);
    return objects.map(({ kind, name }) => ({ kind, name }));
  }
  const query = parseResources(resources);
  const readOnly = query.kinds.find((kind) => kind.readOnly);
  if (readOnly !== undefined) {
    throw new MuxletError('MUX_USAGE', `${readOnly.plural} are the controller's and cannot be deleted`);
  }
  if (query.type === 'Names') return query.names.map(({ kind, name }) => ({ kind: kind.kind as SpecKind, name }));
  if (selector === undefined && !all) throw new MuxletError('MUX_USAGE', 'name the objects, or give -l or --all');
  const clauses = parseSelector(selector ?? '');
  const view = await loadView(deps, places);
  return (
    query.kinds
      .flatMap(({ kind }) => view.objects(kind as SpecKind))
      .filter((object) => selects(clauses, labelsOf(object)))
      .map(({ kind, metadata: { name } }) => ({ kind, name }))
      // Presets come with muxlet, and what is being removed already has no file any more.
      .filter((id) => locateOne(places, id) !== undefined || isKept(places, id))
  );
}

async function deleteObjects(
  wanted: readonly SpecId[],
  files: SpecFiles,
  { places, dryRun, now }: { readonly places: Places; readonly dryRun: boolean; readonly now: number },
) {
  const vanished = new Set(readWaiting(places.state).map(({ key }) => key));
  const changes: Change[] = [];
  const missing: MuxletError[] = [];
  for (const { kind, name } of wanted) {
    const file = locateOne(places, { kind, name })?.file;
    if (file === undefined && kind === 'Message' && removeSent(places, name, dryRun)) {
      changes.push({ kind, name, verb: 'deleted' });
      continue;
    }
    if (file === undefined && !isKept(places, { kind, name }) && !vanished.has(keyOf(kind, name))) {
      missing.push(notFound(kindNamed(kind), name));
      continue;
    }
    // Before anything is taken away: whoever sees that it is gone sees that nobody need be asked where it went.
    if (!dryRun) markDeleted(places.state, keyOf(kind, name), now);
    if (file === undefined) {
      removeKept(places, { kind, name }, dryRun);
      changes.push({ kind, name, verb: 'deleted' });
      continue;
    }
    files.put(file, rewritten(removeObject((await files.read(file)) ?? '', kind, name), file));
    changes.push({ kind, name, verb: 'deleted' });
  }
  return { changes, missing };
}

/** What was asked of a project beside its spec is not asked of one that comes later under its name. */
function forgetWishes(changes: readonly Change[], { state }: Places): void {
  for (const { kind, name } of changes) {
    if (kind === 'Project' || kind === 'GitSource') rmSync(overlayPath(state, keyOf(kind, name)), { force: true });
  }
}

function isKept({ state }: Places, id: SpecId): boolean {
  return findOrigin(state, id)?.type === 'Kept';
}

/** What was kept of a GitSource stands in no spec. */
function removeKept({ state }: Places, id: SpecId, dryRun: boolean): void {
  const origin = findOrigin(state, id);
  if (origin?.type === 'Kept' && !dryRun) rmSync(keptPath(state, origin.source, id), { force: true });
}

/** A message that was sent stands in no spec. @returns whether there was one */
function removeSent({ state }: Places, name: string, dryRun: boolean): boolean {
  const path = join(state, 'messages', `${name}.json`);
  if (!existsSync(path)) return false;
  if (!dryRun) rmSync(path, { force: true });
  return true;
}
