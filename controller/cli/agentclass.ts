import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { AgentClass } from '../api/generated/all.ts';
import { formatProblem, type Problem } from '../api/problem.ts';
import { checkClass } from '../api/reading/check.ts';
import { placeOfField } from '../store/specs/place-of-field.ts';
import { type Classified, classify, type Exhibits } from './classify.ts';
import { absolute, placesOf, shortPath } from './options.ts';
import type { CliDeps } from './ports.ts';
import { readInputs } from './read-inputs.ts';
import { renderTable } from './render/table.ts';
import { EXIT } from './report-error.ts';
import { validateInputs } from './validate-inputs.ts';

interface ClassifyFlags extends Exhibits {
  readonly class: string;
  readonly output?: string;
}

export function addAgentClass(program: Command, deps: CliDeps): void {
  const verb = program
    .command('agentclass')
    .summary('try out an AgentClass')
    .description('For people who write an AgentClass: whether it can be used, and what it makes of an agent.');
  verb
    .command('check')
    .summary('check a class')
    .description(
      'Checks the classes in a file: schema, regular expressions, names in templates, rules that never come in.',
    )
    .argument('<file>', 'a file, a directory, or - for standard input')
    .action((file: string) => check(file, deps));
  verb
    .command('classify')
    .summary('say what an agent does, by its class')
    .description('Prints the state of an agent by what you have of it, and the rule that decided.')
    .requiredOption('--class <name>', 'the AgentClass')
    .option('--screen <file>', 'what stands on its screen: muxlet logs, or tmux capture-pane -p')
    .option('--title <text>', "its terminal's title")
    .option('--process <name>', 'the process that has the terminal')
    .option('--hooks <file>', 'what its hooks recorded')
    .option('--transcript <file>', 'its transcript: lines of JSON')
    .option('--file <file>', 'its state file, or the answer of its server: JSON')
    .option('-o, --output <format>', 'wide: every claim as well; json')
    .action(async (flags: ClassifyFlags, command: Command) => {
      const format = flags.output;
      if (format !== undefined && format !== 'wide' && format !== 'json') {
        throw new MuxletError('MUX_USAGE', `unknown output format "${format}"`, { hint: 'one of wide, json' });
      }
      const found = await classOf(flags.class, deps, command);
      const exhibits = exhibitsOf(flags, deps.cwd);
      const classified = await classify(flags.class, found.spec, { exhibits, now: deps.now() });
      deps.stdout.write(render(classified, format));
    });
}

async function check(file: string, deps: CliDeps): Promise<void> {
  const inputs = await readInputs([file], { recursive: false }, deps);
  const { objects, problems } = validateInputs(inputs);
  const classes = objects.filter(({ kind }) => kind === 'AgentClass');
  const found: Problem[] = classes.flatMap(({ name, object, input, ...place }) =>
    checkClass(name, (object as AgentClass).spec).map(({ field, message, severity }) => ({
      code: 'InvalidField',
      severity,
      file: input.name,
      ...placeOfField(input.text, place, `spec.${field}`),
      field: `spec.${field}`,
      object: { kind: 'AgentClass', name },
      message,
    })),
  );
  const all = [...problems, ...found];
  const lines = all.map((problem) => formatProblem({ ...problem, file: shortPath(deps.cwd, problem.file) }));
  deps.stdout.write(lines.map((line) => `${line}\n`).join(''));
  if (all.some(({ severity }) => severity === 'Error')) deps.setExitCode(EXIT.failed);
  else if (classes.length === 0) throw new MuxletError('MUX_NOT_FOUND', `there is no AgentClass in ${file}`);
  else deps.stderr.write(`${classes.map(({ name }) => name).join(', ')}: can be used\n`);
}

async function classOf(name: string, deps: CliDeps, command: Command): Promise<AgentClass> {
  const { objects } = await deps.stores.specs(placesOf(command, deps));
  const classes = objects
    .filter(({ object }) => object.kind === 'AgentClass')
    .map(({ object }) => object as AgentClass);
  const found = classes.find(({ metadata }) => metadata.name === name);
  if (found !== undefined) return found;
  const known = classes.map(({ metadata }) => metadata.name).sort();
  throw new MuxletError('MUX_NOT_FOUND', `there is no AgentClass ${name}`, { hint: `known: ${known.join(', ')}` });
}

function exhibitsOf({ title, process, ...files }: ClassifyFlags, cwd: string): Exhibits {
  const paths = (['screen', 'hooks', 'transcript', 'file'] as const).flatMap((name) => {
    const path = files[name];
    return path === undefined ? [] : [[name, absolute(cwd, path)] as const];
  });
  const given = { ...(title !== undefined && { title }), ...(process !== undefined && { process }) };
  return { ...given, ...Object.fromEntries(paths) };
}

function render({ reading, claims }: Classified, format: 'wide' | 'json' | undefined): string {
  if (format === 'json') return `${JSON.stringify({ ...reading, claims }, null, 2)}\n`;
  const verdict = renderTable<Classified['reading']>(
    [
      { header: 'STATE', cell: ({ state }) => state },
      { header: 'REASON', cell: ({ reason }) => reason ?? '' },
      { header: 'EVIDENCE', cell: ({ evidence }) => evidence ?? '' },
      { header: 'RULE', cell: ({ rule }) => rule ?? '' },
      { header: 'MESSAGE', cell: ({ message }) => message ?? '' },
    ],
    [reading],
  );
  if (format === undefined) return verdict;
  const said = renderTable(
    [
      { header: 'EVIDENCE', cell: ({ evidence }: Classified['claims'][number]) => evidence },
      { header: 'RULE', cell: ({ rule }) => rule },
      { header: 'STATE', cell: ({ state }) => state },
      { header: 'OR', cell: ({ or }) => or.join(',') },
      { header: 'REASON', cell: ({ reason }) => reason ?? '' },
      { header: 'MESSAGE', cell: ({ message }) => message ?? '' },
    ],
    claims,
  );
  return `${verdict}\n${said}`;
}
