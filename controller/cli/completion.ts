import type { Command, Option } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { findKind, KINDS } from '../api/kinds.ts';
import type { ApiObject } from './object.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import { SCRIPTS, type Shell } from './render/completion-scripts.ts';
import { loadView } from './view.ts';

export function addCompletion(program: Command, deps: CliDeps): void {
  program
    .command('completion')
    .summary('print a script that completes commands in your shell')
    .description('Prints a script that completes commands: source <(muxlet completion bash).')
    .argument('<shell>', Object.keys(SCRIPTS).join(', '))
    .action((shell: string) => {
      const script = SCRIPTS[shell as Shell];
      if (script === undefined) {
        throw new MuxletError('MUX_USAGE', `unsupported shell type "${shell}"`, {
          hint: `one of ${Object.keys(SCRIPTS).join(', ')}`,
        });
      }
      deps.stdout.write(script);
    });
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words: string[], _flags: unknown, command: Command) => {
      const candidates = await complete(words, { program, deps, command });
      deps.stdout.write(candidates.map((candidate) => `${candidate}\n`).join(''));
    });
}

interface Completion {
  readonly program: Command;
  readonly deps: CliDeps;
  readonly command: Command;
}

/** Verbs whose first argument is the name of a project, without its kind. */
const PROJECT_VERBS = ['logs', 'attach', 'plan', 'diff'];
/** Flags whose value is the name of an object. */
const NAME_FLAGS: Readonly<Record<string, ApiObject['kind']>> = { '--team': 'Team', '--class': 'AgentClass' };
const RESOURCE_VERBS = ['get', 'describe', 'delete', 'edit', 'label', 'annotate', 'wait', 'reconcile'];

/** What may stand at the last of the words, which follow the program's name; the shell shows what fits its beginning. */
async function complete(words: readonly string[], { program, deps, command }: Completion): Promise<readonly string[]> {
  const last = words.at(-1) ?? '';
  const [verb, ...rest] = words;
  const known = program.commands.find((candidate) => candidate.name() === verb);
  const fit = (candidates: readonly string[]) => candidates.filter((candidate) => candidate.startsWith(last)).sort();
  if (words.length <= 1 || known === undefined || verb === undefined) return fit(visibleVerbs(program));
  if (last.startsWith('-')) return fit(flagsOf(program, known, rest));
  const names = async (kind: ApiObject['kind']) => {
    const view = await loadView(deps, placesOf(command, deps));
    return view.objects(kind).map(({ metadata }) => metadata.name);
  };
  const named = NAME_FLAGS[words.at(-2) ?? ''];
  if (named !== undefined) return fit(await names(named));
  if (PROJECT_VERBS.includes(verb)) return fit(await names('Project'));
  if (verb === 'completion') return fit(Object.keys(SCRIPTS));
  if (!RESOURCE_VERBS.includes(verb)) return [];
  const [type = ''] = rest;
  if (last.includes('/')) {
    const [prefix = ''] = last.split('/');
    const kind = findKind(prefix)?.kind;
    return kind === undefined ? [] : fit((await names(kind as ApiObject['kind'])).map((name) => `${prefix}/${name}`));
  }
  if (rest.length <= 1) return fit(KINDS.map(({ plural }) => plural));
  const kind = findKind(type)?.kind;
  return kind === undefined ? [] : fit(await names(kind as ApiObject['kind']));
}

function visibleVerbs(program: Command): readonly string[] {
  return program.commands.map((command) => command.name()).filter((name) => !name.startsWith('_'));
}

function flagsOf(program: Command, verb: Command, words: readonly string[]): readonly string[] {
  const below = verb.commands.find((command) => command.name() === words[0])?.options ?? [];
  return [...below, ...verb.options, ...program.options].flatMap(({ long }: Option) => (long ? [long] : []));
}
