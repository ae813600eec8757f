import { findKind, KINDS } from '../../api/kinds.ts';
import { REPORT_TYPES } from '../../api/report.ts';
import type { ApiObject } from '../object.ts';
import type { CliDeps, Places } from '../ports.ts';
import { agentsOf, namesOf, receiversOf } from './names.ts';
import { SCRIPTS } from './scripts.ts';
import type { OptionWords, VerbWords } from './words.ts';

export interface Candidate {
  readonly value: string;
  readonly what?: string;
}

/** Candidates for the last word; or what the shell itself is to offer. */
export type Completed = readonly Candidate[] | 'files' | 'directories';

export interface Completing {
  readonly program: VerbWords;
  readonly deps: CliDeps;
  readonly places: Places;
}

/** What may stand at the last of the words, which follow the program's name. */
export async function complete(words: readonly string[], context: Completing): Promise<Completed> {
  const last = words.at(-1) ?? '';
  const { command, path, options, positional, flag } = readWords(words.slice(0, -1), context.program);
  const [long = '', ...assigned] = last.split('=');
  if (flag !== undefined) return fit(last, await valuesOf(flag, positional, context, last));
  const assigning = assigned.length > 0 ? options.find((option) => option.long === long) : undefined;
  if (assigning !== undefined) {
    const values = await valuesOf(assigning, positional, context, assigned.join('='));
    return typeof values === 'string'
      ? values
      : fit(
          last,
          values.map(({ value }) => ({ value: `${long}=${value}` })),
        );
  }
  if (last.startsWith('-')) {
    return fit(
      last,
      options.flatMap(({ long, what }) => (long === undefined ? [] : [{ value: long, what }])),
    );
  }
  if (command.below.length > 0 && positional.length === 0) {
    return fit(
      last,
      command.below.map(({ name, what }) => ({ value: name, what })),
    );
  }
  return fit(last, await argumentsOf(path.join(' '), positional, last, context));
}

function fit(last: string, found: Completed): Completed {
  if (typeof found === 'string') return found;
  return found
    .filter(({ value }) => value.startsWith(last) && value !== '')
    .sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** Goes the way that the words before go: down to a verb, past flags and their values. */
function readWords(words: readonly string[], program: VerbWords) {
  let command = program;
  let options = program.options;
  const path: string[] = [];
  const positional: string[] = [];
  let flag: OptionWords | undefined;
  for (const word of words) {
    if (flag !== undefined) {
      flag = undefined;
    } else if (word.startsWith('-') && word !== '-') {
      flag = options.find(({ long, short, takesValue }) => [long, short].includes(word) && takesValue);
    } else {
      const next = positional.length === 0 ? command.below.find(({ name }) => name === word) : undefined;
      if (next === undefined) {
        positional.push(word);
      } else {
        command = next;
        path.push(word);
        options = [...next.options, ...options];
      }
    }
  }
  return { command, path, options, positional, flag };
}

const plain = (values: readonly string[]): readonly Candidate[] => values.map((value) => ({ value }));

/** Flags whose values are always the same. What is not said of a flag here its own words say. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  '--types': ['Normal', 'Warning'],
  '--size': ['small', 'medium', 'large'],
  '--dry-run': ['client', 'server'],
};
const NAMED: Readonly<Record<string, ApiObject['kind']>> = {
  '--team': 'Team',
  '--class': 'AgentClass',
  '--queue': 'Queue',
  '--project': 'Project',
};
const FILES = ['--filename', '--screen', '--hooks', '--transcript', '--file', '--goal'];
const DIRECTORIES = ['--specs', '--state', '--repo', '--working-dir'];
const FORMATS = ['wide', 'json', 'yaml', 'name', 'jsonpath='];
const GOALS = [
  'condition=Ready',
  'condition=Complete',
  'condition=Verified',
  'delete',
  'phase=Running',
  'phase=Completed',
];

async function valuesOf(
  option: OptionWords,
  positional: readonly string[],
  context: Completing,
  last: string,
): Promise<Completed> {
  const { deps, places } = context;
  const long = option.long ?? '';
  const fixed = FIXED[long] ?? option.choices;
  if (fixed !== undefined) return plain(fixed);
  // <pretty|json|journal>
  const listed = /<([\w-]+(?:\|[\w-]+)+)>/.exec(option.flags)?.[1];
  if (listed !== undefined) return plain(listed.split('|'));
  if (FILES.includes(long)) return 'files';
  if (DIRECTORIES.includes(long)) return 'directories';
  const kind = NAMED[long];
  if (kind !== undefined) return plain(await namesOf(kind, deps, places));
  if (long === '--output') {
    return option.flags.includes('<file>')
      ? 'files'
      : plain(FORMATS.filter((one) => option.what.includes(one.replace('=', ''))));
  }
  if (long === '--agent') return plain(await agentsOf(projectIn(positional), deps, places));
  if (long === '--receiver') return plain(await receiversOf(positional[0] ?? '', deps, places));
  if (long === '--to') return targets(last, context);
  if (long === '--for') return option.what.startsWith('only events') ? typed(last, context) : plain(GOALS);
  return [];
}

function projectIn(positional: readonly string[]): string {
  const last = positional.at(-1) ?? '';
  return last.slice(last.indexOf('/') + 1);
}

/** PROJECT, PROJECT/AGENT, role:ROLE, PROJECT/role:ROLE, self. */
async function targets(last: string, { deps, places }: Completing): Promise<readonly Candidate[]> {
  const roles = async (before: string) =>
    plain((await namesOf('AgentRole', deps, places)).map((name) => `${before}role:${name}`));
  const slash = last.indexOf('/');
  if (slash < 0) {
    if (last.startsWith('role:')) return roles('');
    const projects = await namesOf('Project', deps, places);
    return plain([...projects.flatMap((name) => [name, `${name}/`]), 'role:', 'self']);
  }
  const project = last.slice(0, slash);
  if (last.slice(slash + 1).startsWith('role:')) return roles(`${project}/`);
  const agents = await agentsOf(project, deps, places);
  return plain([...agents.map((name) => `${project}/${name}`), `${project}/role:`]);
}

/** TYPE/NAME. */
async function typed(last: string, { deps, places }: Completing): Promise<readonly Candidate[]> {
  const [prefix = ''] = last.split('/');
  const kind = findKind(prefix)?.kind;
  if (!last.includes('/') || kind === undefined) return plain(KINDS.map((one) => `${one.kind.toLowerCase()}/`));
  return plain((await namesOf(kind as ApiObject['kind'], deps, places)).map((name) => `${prefix}/${name}`));
}

const RESOURCES = ['get', 'describe', 'delete', 'edit', 'label', 'annotate', 'wait'];
/** Verbs that change specs, of which some kinds have none. */
const WRITING = ['delete', 'edit', 'label', 'annotate'];
const VIEWS = ['agents', 'projects', 'queues'];
/** Verbs about objects of one kind, which is named all the same. */
const OF_ONE_KIND: Readonly<Record<string, 'Project' | 'GitSource'>> = {
  suspend: 'Project',
  resume: 'Project',
  restart: 'Project',
  reset: 'Project',
  reconcile: 'GitSource',
};
/** Verbs whose argument is the name of a project, without its kind. */
const OF_PROJECT = ['logs', 'attach', 'plan', 'diff', 'recover kill-zombie'];
const OF_AGENT = ['logs', 'attach'];

async function argumentsOf(
  verb: string,
  before: readonly string[],
  last: string,
  context: Completing,
): Promise<Completed> {
  const { deps, places, program } = context;
  const only = OF_ONE_KIND[verb];
  if (RESOURCES.includes(verb) || only !== undefined) {
    if (last.includes('/')) return typed(last, context);
    const [type = ''] = before;
    if (before.length === 0) {
      const kinds = KINDS.filter(
        ({ kind, readOnly }) => (only === undefined || kind === only) && !(readOnly && WRITING.includes(verb)),
      );
      return kinds.map(({ kind, plural }) => ({ value: only === undefined ? plural : kind.toLowerCase() }));
    }
    const kind = findKind(type)?.kind;
    return kind === undefined ? [] : plain(await namesOf(kind as ApiObject['kind'], deps, places));
  }
  if (OF_PROJECT.includes(verb)) {
    const dot = last.indexOf('.');
    if (OF_AGENT.includes(verb) && dot > 0) {
      const project = last.slice(0, dot);
      return plain((await agentsOf(project, deps, places)).map((name) => `${project}.${name}`));
    }
    return plain(await namesOf('Project', deps, places));
  }
  if (verb === 'alert test' && before.length === 0) return plain(await namesOf('Alert', deps, places));
  if (verb === 'top' && before.length === 0) return plain(VIEWS);
  if (verb === 'completion' && before.length === 0) return plain(Object.keys(SCRIPTS));
  if (verb === 'report' && before.length === 0) return plain(REPORT_TYPES);
  if (verb === 'explain' && before.length === 0) return plain(KINDS.map(({ kind }) => kind.toLowerCase()));
  if (verb === 'help') return plain(program.below.map(({ name }) => name));
  return verb === 'import batch' || verb === 'agentclass check' ? 'files' : [];
}
