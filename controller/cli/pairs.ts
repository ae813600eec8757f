import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { SpecKind } from '../api/kinds.ts';
import { setMetadata } from '../store/specs/rewrite.ts';
import { parseNamesOnly } from './apply.ts';
import { DRY_RUN_OPTION, isDryRun } from './dry-run.ts';
import { placesOf } from './options.ts';
import type { CliDeps, SpecsView } from './ports.ts';
import { type Change, renderChanges } from './render/changes.ts';
import { kindNamed, notFound, parseResources } from './resources.ts';
import { parseSelector, selects } from './selector.ts';
import { locateOne, rewritten, type SpecId } from './spec-text.ts';
import { changeSpecs } from './write-specs.ts';

/** What `label` and `annotate` have in common: all but the words. */
export interface PairsVerb {
  readonly name: 'label' | 'annotate';
  readonly field: 'labels' | 'annotations';
  readonly done: 'labeled' | 'annotated';
}

interface PairsFlags {
  readonly selector?: string;
  readonly all?: true;
  readonly overwrite?: true;
  readonly dryRun?: string | true;
  readonly output?: string;
}

/** What is to become of each key: a value, or null for its removal. */
type PairChanges = ReadonlyMap<string, string | null>;

export function addPairsVerb(program: Command, deps: CliDeps, verb: PairsVerb): void {
  program
    .command(verb.name)
    .summary(`change the ${verb.field} of objects`)
    .description(`Changes the ${verb.field} of objects in their spec files. KEY=VALUE sets one, KEY- removes it.`)
    .argument('<args...>', 'TYPE NAME… or TYPE/NAME…, then KEY=VALUE… and KEY-…')
    .option('-l, --selector <labels>', 'the objects with these labels')
    .option('--all', 'all objects of the type')
    .option('--overwrite', 'change values that are set already')
    .option(...DRY_RUN_OPTION)
    .option('-o, --output <format>', 'name: print only the names of the objects')
    .action(async (args: string[], flags: PairsFlags, command: Command) => {
      const { resources, changes } = splitArguments(args);
      if (changes.size === 0) throw new MuxletError('MUX_USAGE', `at least one KEY=VALUE or KEY- is needed`);
      const places = placesOf(command, deps);
      const dryRun = isDryRun(flags.dryRun);
      const namesOnly = parseNamesOnly(flags.output);
      const done = await changeSpecs(deps, { places, dryRun }, async (files) => {
        const specs = await deps.stores.specs(places);
        const outcome: Change[] = [];
        for (const { kind, name } of targets(resources, flags, specs)) {
          const standing = locateOne(places, { kind, name });
          if (standing === undefined) throw notFound(kindNamed(kind), name);
          const before = standing.object?.metadata[verb.field] ?? {};
          const same = changesNothing(before, changes, flags.overwrite ?? false);
          if (!same) {
            const text = (await files.read(standing.file)) ?? '';
            const set = setMetadata(text, kind, name, { field: verb.field, changes: Object.fromEntries(changes) });
            files.put(standing.file, rewritten(set, standing.file));
          }
          outcome.push({ kind, name, verb: same ? 'unchanged' : verb.done });
        }
        return outcome;
      });
      if (done.length === 0) deps.stderr.write('No resources found\n');
      deps.stdout.write(renderChanges(done, { dryRun, namesOnly }));
    });
}

/** The first argument that sets or removes a key ends the resources, as in kubectl. */
function splitArguments(args: readonly string[]): {
  readonly resources: readonly string[];
  readonly changes: PairChanges;
} {
  const at = args.findIndex((arg) => arg.includes('=') || arg.endsWith('-'));
  const [resources, pairs] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at)];
  const changes = new Map<string, string | null>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals > 0) changes.set(pair.slice(0, equals), pair.slice(equals + 1));
    else if (pair.endsWith('-') && pair.length > 1) changes.set(pair.slice(0, -1), null);
    else throw new MuxletError('MUX_USAGE', `"${pair}" is neither KEY=VALUE nor KEY-`);
  }
  return { resources, changes };
}

/** @throws MUX_CONFLICT if a key has another value already and `overwrite` is not set */
function changesNothing(before: Readonly<Record<string, string>>, changes: PairChanges, overwrite: boolean): boolean {
  for (const [key, value] of changes) {
    if (value === null || overwrite || !Object.hasOwn(before, key) || before[key] === value) continue;
    throw new MuxletError(
      'MUX_CONFLICT',
      `'${key}' already has a value (${before[key]}), and --overwrite is not given`,
    );
  }
  return [...changes].every(([key, value]) => (value === null ? !Object.hasOwn(before, key) : before[key] === value));
}

function targets(resources: readonly string[], { selector, all }: PairsFlags, specs: SpecsView): readonly SpecId[] {
  const query = parseResources(resources);
  const readOnly = query.kinds.find((kind) => kind.readOnly);
  if (readOnly !== undefined) throw new MuxletError('MUX_USAGE', `${readOnly.plural} are the controller's own`);
  if (query.type === 'Names') return query.names.map(({ kind, name }) => ({ kind: kind.kind as SpecKind, name }));
  if (selector === undefined && !all) throw new MuxletError('MUX_USAGE', 'name the objects, or give -l or --all');
  const clauses = parseSelector(selector ?? '');
  return specs.objects
    .filter(
      ({ object, file, origin }) =>
        (file !== undefined || origin !== undefined) && query.kinds.some(({ kind }) => kind === object.kind),
    )
    .filter(({ object }) => selects(clauses, object.metadata.labels))
    .map(({ object }) => ({ kind: object.kind, name: object.metadata.name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
