import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Manifest } from '../api/manifest.ts';
import { formatProblem, type Problem } from '../api/problem.ts';
import { validateText } from '../store/specs/validate-text.ts';
import { approvalProblems, isAgentClass, isProject, type Standing } from './approval-problems.ts';
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
  const specs = await deps.stores.specs(placesOf(command, deps));
  const known = specs.objects.map(({ object }) => object).filter(isAgentClass);
  if (filename === undefined) {
    const written = specs.objects.filter((object) => object.file !== undefined);
    const inTemplates = written.flatMap(({ object, file = '' }) => templateProblems(object, { file }));
    const inApprovals = written.flatMap(({ object, file = '' }) =>
      isProject(object) && object.spec.agents.some(({ approvals }) => approvals !== undefined)
        ? approvalProblems(object, standingIn(file, object), known)
        : [],
    );
    return { problems: [...specs.problems, ...inTemplates, ...inApprovals], count: written.length };
  }
  const inputs = await readInputs(filename, { recursive: recursive ?? false }, deps);
  const { objects, problems } = validateInputs(inputs);
  // What is given takes the place of what is there.
  const classes = [...objects.map(({ object }) => object).filter(isAgentClass), ...known];
  const inApprovals = objects.flatMap(({ object, input, ...place }) =>
    isProject(object) ? approvalProblems(object, { ...place, file: input.name, text: input.text }, classes) : [],
  );
  return { problems: [...problems, ...inApprovals], count: objects.length };
}

/** A file that is gone again, or of which the last good version counts, has no places to tell. */
function standingIn(file: string, { kind, metadata }: Manifest): Standing {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { file, text, documentIndex: 0 };
  }
  const place = validateText(text, file).places.find((one) => one.kind === kind && one.name === metadata.name);
  return place === undefined ? { file, text: '', documentIndex: 0 } : { ...place, file, text };
}

interface Checked {
  readonly problems: readonly Problem[];
  /** Objects that were found valid. */
  readonly count: number;
}
