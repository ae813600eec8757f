import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { findValues } from './jsonpath/evaluate.ts';
import { parseRelaxed } from './jsonpath/parse-template.ts';
import type { ApiObject } from './object.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import { startObjectPrinter } from './render/objects.ts';
import { type OutputFormat, parseOutput } from './render/output.ts';
import { reportError } from './report-error.ts';
import { parseResources, type ResourceQuery } from './resources.ts';
import { selectObjects } from './select.ts';
import { parseSelector, type Selector } from './selector.ts';
import { loadView, noteAbsentController, type View } from './view.ts';
import { changes } from './watch.ts';

interface GetFlags {
  readonly output?: string;
  readonly selector?: string;
  readonly watch?: true;
  readonly headers: boolean;
  readonly sortBy?: string;
}

interface GetRequest {
  readonly query: ResourceQuery;
  readonly selector: Selector;
  readonly format: OutputFormat;
  readonly headers: boolean;
  readonly sortBy: string | undefined;
}

export function addGet(program: Command, deps: CliDeps): void {
  program
    .command('get')
    .summary('show objects')
    .description(
      'Shows objects: projects, agents, agentclasses, agentroles, teams, messages, queues, gitsources, alerts, events, problems, or all (projects and agents).',
    )
    .argument('[resources...]', 'TYPE, TYPE,TYPE, TYPE NAME…, or TYPE/NAME…')
    .option('-o, --output <format>', 'wide, json, yaml, name or jsonpath=TEMPLATE')
    .option('-l, --selector <labels>', 'only objects with these labels: a=b, a!=b, a in (x,y), a notin (x), a, !a')
    .option('-w, --watch', 'then show each object that changes, until Ctrl-C')
    .option('--no-headers', 'leave out the headings')
    .option('--sort-by <jsonpath>', 'sort by a field, like .status.phase')
    .action(async (resources: string[], flags: GetFlags, command: Command) => {
      const request: GetRequest = {
        query: parseResources(resources),
        selector: parseSelector(flags.selector ?? ''),
        format: parseOutput(flags.output),
        headers: flags.headers,
        sortBy: flags.sortBy,
      };
      if (request.query.type === 'Names' && flags.selector !== undefined) {
        throw new MuxletError('MUX_USAGE', 'names and a selector cannot be given together');
      }
      const places = placesOf(command, deps);
      const view = await loadView(deps, places);
      noteAbsentController(view, deps);
      const print = startObjectPrinter({ ...request, single: isSingle(request.query), now: () => deps.now() });
      const { objects: shown, missing } = getObjects(view, request);
      if (missing.length === 0 || shown.length > 0) show(shown, print, { deps, request });
      for (const error of missing) reportError(error, deps);
      if (flags.watch) {
        await watchObjects(shown, {
          views: nextViews(),
          request,
          show: (objects) => deps.stdout.write(print(objects)),
        });
      }
      async function* nextViews(): AsyncGenerator<View> {
        for await (const _ of changes(places, deps.interrupt)) yield await loadView(deps, places);
      }
    });
}

/** What a request means in a view; `missing` has an error for each name that names nothing. */
function getObjects(view: View, { query, selector, sortBy }: GetRequest) {
  const { objects, missing } = selectObjects(view, query, selector);
  return { objects: sortBy === undefined ? objects : sortObjects(objects, sortBy), missing };
}

/** One object that was asked for by its name is printed by itself, not as a List. */
function isSingle({ type, names }: ResourceQuery): boolean {
  return type === 'Names' && names.length === 1;
}

function show(
  objects: readonly ApiObject[],
  print: (objects: readonly ApiObject[]) => string,
  { deps, request }: { readonly deps: CliDeps; readonly request: GetRequest },
): void {
  const forPeople = request.format.type === 'Table' || request.format.type === 'Name';
  if (objects.length === 0 && forPeople) deps.stderr.write('No resources found\n');
  else deps.stdout.write(print(objects));
}

/** Stable; objects that lack the field come first, and numbers go by their value. */
function sortObjects(objects: readonly ApiObject[], sortBy: string): readonly ApiObject[] {
  const template = parseRelaxed(sortBy);
  const keyed = objects.map((object) => ({ object, key: findValues(template, object)[0] }));
  return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ object }) => object);
}

function compareKeys(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [textA, textB] = [a, b].map((key) => (typeof key === 'string' ? key : JSON.stringify(key)));
  return (textA ?? '') < (textB ?? '') ? -1 : Number((textA ?? '') > (textB ?? ''));
}

interface Watch {
  readonly views: AsyncIterable<View>;
  readonly request: GetRequest;
  readonly show: (objects: readonly ApiObject[]) => void;
}

/** Shows objects that differ from when they were last shown, and once more those that have gone. */
async function watchObjects(shown: readonly ApiObject[], { views, request, show: showChanged }: Watch): Promise<void> {
  let before = byIdentity(shown);
  for await (const view of views) {
    const after = byIdentity(getObjects(view, request).objects);
    const changed = [...after].filter(([id, object]) => JSON.stringify(object) !== JSON.stringify(before.get(id)));
    const gone = [...before].filter(([id]) => !after.has(id));
    const news = [...changed, ...gone].map(([, object]) => object);
    if (news.length > 0) showChanged(news);
    before = after;
  }
}

function byIdentity(objects: readonly ApiObject[]): ReadonlyMap<string, ApiObject> {
  return new Map(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
}
