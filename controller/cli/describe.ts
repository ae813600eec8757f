import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { selectEvents } from './events.ts';
import type { ApiObject } from './object.ts';
import { placesOf, shortPath } from './options.ts';
import { originText } from './origin.ts';
import type { CliDeps } from './ports.ts';
import { renderDescription } from './render/describe.ts';
import type { Waiting } from './render/description.ts';
import { reportError } from './report-error.ts';
import { kindNamed, parseResources } from './resources.ts';
import { selectObjects } from './select.ts';
import { parseSelector } from './selector.ts';
import { loadView, noteAbsentController, type View } from './view.ts';

export function addDescribe(program: Command, deps: CliDeps): void {
  program
    .command('describe')
    .summary('show one object in full')
    .description('Shows objects in full: status, conditions, agents, problems of the file, events.')
    .argument('<resources...>', 'TYPE, TYPE NAME…, or TYPE/NAME…')
    .option('-l, --selector <labels>', 'only objects with these labels')
    .action(async (resources: string[], flags: { selector?: string }, command: Command) => {
      const query = parseResources(resources);
      const selector = parseSelector(flags.selector ?? '');
      const unfit = query.kinds.find(({ kind }) => kind === 'Event' || kind === 'Problem');
      if (unfit !== undefined) {
        throw new MuxletError('MUX_USAGE', `${unfit.plural} cannot be described`, {
          hint: `see 'get ${unfit.plural}'`,
        });
      }
      const view = await loadView(deps, placesOf(command, deps));
      noteAbsentController(view, deps);
      const { objects, missing } = selectObjects(view, query, selector);
      const now = deps.now();
      const texts = objects.map((object) =>
        renderDescription({ object, now, ...surroundings(view, object, deps.cwd) }),
      );
      if (texts.length === 0 && missing.length === 0) deps.stderr.write('No resources found\n');
      deps.stdout.write(texts.join('\n\n'));
      for (const error of missing) reportError(error, deps);
    });
}

/** What else there is to say of an object: events about it, and problems of the file that it stands in. */
function surroundings(view: View, { kind, metadata: { name } }: ApiObject, cwd: string) {
  const written = view.specs.objects.find(({ object }) => object.kind === kind && object.metadata.name === name);
  const applied = view.state.applied.find(({ object }) => object.kind === kind && object.metadata.name === name);
  const path = written?.file ?? applied?.file;
  const origin = written?.origin ?? applied?.origin;
  const shown = path === undefined ? undefined : shortPath(cwd, path);
  const file = origin === undefined ? shown : originText(origin);
  return {
    file,
    line: kind === 'Queue' ? lineOf(view, name) : [],
    events: selectEvents(view, { about: { kind: kindNamed(kind), name }, types: [] }),
    problems: view
      .objects('Problem')
      .filter((problem) => problem.file === file || (problem.object?.kind === kind && problem.object.name === name)),
  };
}

/** So many of the line are shown: those whose places are told at once. */
const SHOWN = 10;

/** By what the projects say of their own places: what stands in the files, and no decision of ours. */
function lineOf(view: View, queue: string): Waiting[] {
  const waiting = view.objects('Project').flatMap(({ metadata, spec, status }) => {
    const admitted = status.conditions.find(({ type }) => type === 'Admitted');
    if (spec?.queue !== queue || admitted?.status !== 'False') return [];
    const [, place] = /^place (\d+) of /.exec(admitted.message) ?? [];
    const { reason, message } = admitted;
    return place === undefined ? [] : [{ project: metadata.name, reason, message, place: Number(place) }];
  });
  return waiting.sort((a, b) => a.place - b.place).slice(0, SHOWN);
}
