import type { Command } from 'commander';
import { formatProblem, type Problem } from '../api/problem.ts';
import { placesOf, shortPath } from './options.ts';
import type { CliDeps } from './ports.ts';
import { readInputs } from './read-inputs.ts';
import { EXIT } from './report-error.ts';
import { templateProblems, validateInputs } from './validate-inputs.ts';

interface ValidateFlags {
  readonly filename?: readonly string[];
  readonly recursive?: true;
}

export function addValidate(program: Command, deps: CliDeps): void {
  program
    .command('validate')
    .summary('check specs')
    .description('Checks the specs directory, or what -f names, and prints every problem with its place.')
    .option('-f, --filename <path...>', 'a file, a directory, or - for standard input')
    .option('-R, --recursive', 'also the folders below the directories of -f')
    .action(async (flags: ValidateFlags, command: Command) => {
      const { problems, count } = await check(flags, deps, command);
      deps.stdout.write(
        problems
          .map((problem) => `${formatProblem({ ...problem, file: shortPath(deps.cwd, problem.file) })}\n`)
          .join(''),
      );
      if (problems.some(({ severity }) => severity === 'Error')) deps.setExitCode(EXIT.failed);
      else deps.stderr.write(`${count} ${count === 1 ? 'object' : 'objects'} valid\n`);
    });
}

async function check({ filename, recursive }: ValidateFlags, deps: CliDeps, command: Command): Promise<Checked> {
  if (filename === undefined) {
    const { objects, problems } = await deps.stores.specs(placesOf(command, deps));
    const written = objects.filter((object) => object.file !== undefined);
    const inTemplates = written.flatMap(({ object, file = '' }) => templateProblems(object, { file }));
    return { problems: [...problems, ...inTemplates], count: written.length };
  }
  const inputs = await readInputs(filename, { recursive: recursive ?? false }, deps);
  const { objects, problems } = validateInputs(inputs);
  return { problems, count: objects.length };
}

interface Checked {
  readonly problems: readonly Problem[];
  /** Objects that were found valid. */
  readonly count: number;
}
