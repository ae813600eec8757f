import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { SpecKind } from '../api/kinds.ts';
import { parseNamesOnly } from './apply.ts';
import { DRY_RUN_OPTION, isDryRun } from './dry-run.ts';
import { placesOf } from './options.ts';
import type { CliDeps, SpecsView } from './ports.ts';
import { findSpec, refuseBroken } from './put-object.ts';
import { type Change, renderChanges } from './render/changes.ts';
import { notFound, kindNamed, parseResources } from './resources.ts';
import { parseSelector, selects } from './selector.ts';
import { replaceObject } from './spec-text.ts';
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

/** What is to become of each key: a value, or undefined for its removal. */
export type PairChanges = ReadonlyMap<string, string | undefined>;

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
          const standing = findSpec(specs, kind, name);
          if (standing?.file === undefined) {
            refuseBroken(specs, kind, name);
            throw notFound(kindNamed(kind), name);
          }
          const { object, file } = standing;
          const before = object.metadata[verb.field] ?? {};
          const after = changePairs(before, changes, flags.overwrite ?? false);
          const same = JSON.stringify(before) === JSON.stringify(after);
          if (!same) {
            const { [verb.field]: _, ...metadata } = object.metadata;
            const next = { ...metadata, ...(Object.keys(after).length > 0 && { [verb.field]: after }) };
            const text = (await files.read(file)) ?? '';
            files.put(file, replaceObject(text, { kind, name }, { ...object, metadata: next }));
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
export function splitArguments(args: readonly string[]): {
  readonly resources: readonly string[];
  readonly changes: PairChanges;
} {
  const at = args.findIndex((arg) => arg.includes('=') || arg.endsWith('-'));
  const [resources, pairs] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at)];
  const changes = new Map<string, string | undefined>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals > 0) changes.set(pair.slice(0, equals), pair.slice(equals + 1));
    else if (pair.endsWith('-') && pair.length > 1) changes.set(pair.slice(0, -1), undefined);
    else throw new MuxletError('MUX_USAGE', `"${pair}" is neither KEY=VALUE nor KEY-`);
  }
  return { resources, changes };
}

/** @throws MUX_CONFLICT if a key has another value already and `overwrite` is not set */
export function changePairs(
  before: Readonly<Record<string, string>>,
  changes: PairChanges,
  overwrite: boolean,
): Record<string, string> {
  const after = { ...before };
  for (const [key, value] of changes) {
    if (value === undefined) delete after[key];
    else if (!overwrite && Object.hasOwn(before, key) && before[key] !== value) {
      throw new MuxletError('MUX_USAGE', `'${key}' already has a value (${before[key]}), and --overwrite is not given`);
    } else after[key] = value;
  }
  return after;
}

interface SpecId {
  readonly kind: SpecKind;
  readonly name: string;
}

function targets(resources: readonly string[], { selector, all }: PairsFlags, specs: SpecsView): readonly SpecId[] {
  const query = parseResources(resources);
  const readOnly = query.kinds.find((kind) => kind.readOnly);
  if (readOnly !== undefined) throw new MuxletError('MUX_USAGE', `${readOnly.plural} are the controller's own`);
  if (query.type === 'Names') return query.names.map(({ kind, name }) => ({ kind: kind.kind as SpecKind, name }));
  if (selector === undefined && !all) throw new MuxletError('MUX_USAGE', 'name the objects, or give -l or --all');
  const clauses = parseSelector(selector ?? '');
  return specs.objects
    .filter(({ object, file }) => file !== undefined && query.kinds.some(({ kind }) => kind === object.kind))
    .filter(({ object }) => selects(clauses, object.metadata.labels))
    .map(({ object }) => ({ kind: object.kind, name: object.metadata.name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
