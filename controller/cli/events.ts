import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { Event } from '../api/generated/all.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import { startObjectPrinter } from './render/objects.ts';
import { parseOutput } from './render/output.ts';
import { kindNamed, parseResources, type ResourceName } from './resources.ts';
import { loadView, noteAbsentController, type View } from './view.ts';
import { changes } from './watch.ts';

interface EventsFlags {
  readonly for?: string;
  readonly types?: string;
  readonly watch?: true;
  readonly output?: string;
  readonly headers: boolean;
}

interface EventFilter {
  readonly about: ResourceName | undefined;
  /** Lower case; empty for all. */
  readonly types: readonly string[];
}

export function addEvents(program: Command, deps: CliDeps): void {
  program
    .command('events')
    .summary('show what happened')
    .description('Shows events, the latest last.')
    .option('--for <type/name>', 'only events about this object, and about the agents of this project')
    .option('--types <types>', 'only events of these types: Normal, Warning')
    .option('-w, --watch', 'then show each event as it comes, until Ctrl-C')
    .option('-o, --output <format>', 'wide, json, yaml, name or jsonpath=TEMPLATE')
    .option('--no-headers', 'leave out the headings')
    .action(async (flags: EventsFlags, command: Command) => {
      const filter = parseFilter(flags);
      const places = placesOf(command, deps);
      const view = await loadView(deps, places);
      noteAbsentController(view, deps);
      const print = startObjectPrinter({
        format: parseOutput(flags.output),
        query: { kinds: [kindNamed('events')], mixed: false },
        headers: flags.headers,
        single: false,
        now: () => deps.now(),
      });
      let events = selectEvents(view, filter);
      if (events.length === 0 && flags.output === undefined) deps.stderr.write('No events found\n');
      else deps.stdout.write(print(events));
      if (!flags.watch) return;
      for await (const _ of changes(places, deps.interrupt)) {
        const next = selectEvents(await loadView(deps, places), filter);
        const fresh = newEvents(events, next);
        if (fresh.length > 0) deps.stdout.write(print(fresh));
        events = next;
      }
    });
}

function parseFilter({ for: about, types }: EventsFlags): EventFilter {
  const query = about === undefined ? undefined : parseResources([about]);
  const [name] = query?.names ?? [];
  if (about !== undefined && name === undefined) {
    throw new MuxletError('MUX_USAGE', `"${about}" does not name an object`, { hint: 'write it like project/web' });
  }
  const list = (types ?? '').split(',').filter((type) => type !== '');
  const unknown = list.find((type) => !/^(normal|warning)$/i.test(type));
  if (unknown !== undefined) throw new MuxletError('MUX_USAGE', `"${unknown}" is no type of event: Normal or Warning`);
  return { about: name, types: list.map((type) => type.toLowerCase()) };
}

/** Events about an object; those of a project's agents are about the project as well. */
export function selectEvents(view: View, { about, types }: EventFilter): readonly Event[] {
  return view
    .objects('Event')
    .filter(({ type }) => types.length === 0 || types.includes(type.toLowerCase()))
    .filter((event) => about === undefined || isAbout(event, about));
}

function isAbout({ involvedObject: object, message }: Event, { kind, name }: ResourceName): boolean {
  if (object.kind === kind.kind && object.name === name) return true;
  if (kind.kind === 'Project') return object.kind === 'Agent' && object.name.startsWith(`${name}.`);
  // What happens to an agent is recorded of its project, and begins with its name.
  const [project, agent] = name.split('.');
  return (
    kind.kind === 'Agent' &&
    object.kind === 'Project' &&
    object.name === project &&
    (message.startsWith(`agent ${agent} `) || message.startsWith(`agent ${agent}:`))
  );
}

/** Events that are new, or that happened again. */
function newEvents(before: readonly Event[], after: readonly Event[]): readonly Event[] {
  const seen = new Set(before.map(identity));
  return after.filter((event) => !seen.has(identity(event)));
}

function identity({ metadata, count, lastTimestamp }: Event): string {
  return `${metadata.name} ${count} ${lastTimestamp}`;
}
