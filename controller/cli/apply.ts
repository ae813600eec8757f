import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { DRY_RUN_OPTION, isDryRun } from './dry-run.ts';
import { parseDuration } from './duration.ts';
import { placesOf } from './options.ts';
import type { CliDeps } from './ports.ts';
import { withProgress } from './progress.ts';
import { putObject } from './put-object.ts';
import { readInputs } from './read-inputs.ts';
import { type Change, renderChanges } from './render/changes.ts';
import { type InputObject, refuseInvalid, validateInputs } from './validate-inputs.ts';
import { waitForAll } from './wait-for.ts';
import { type ChangeOptions, changeSpecs } from './write-specs.ts';

interface ApplyFlags {
  readonly filename?: readonly string[];
  readonly recursive?: true;
  readonly dryRun?: string | true;
  readonly output?: string;
  readonly wait?: true;
  readonly timeout: string;
}

export function addApply(program: Command, deps: CliDeps): void {
  program
    .command('apply')
    .summary('write objects into the specs')
    .description(
      'Validates objects and writes them into the specs directory: one that stands there already is replaced in its place, comments kept, and a new one gets a file of its own. If anything is wrong, nothing is changed.',
    )
    .option('-f, --filename <path...>', 'a file, a directory, or - for standard input')
    .option('-R, --recursive', 'also the folders below the directories of -f')
    .option(...DRY_RUN_OPTION)
    .option('-o, --output <format>', 'name: print only the names of the objects')
    .option('--wait', 'wait until the projects are ready')
    .option('--timeout <duration>', 'how long to wait', '5m')
    .action(async (flags: ApplyFlags, command: Command) => {
      const places = placesOf(command, deps);
      const dryRun = isDryRun(flags.dryRun);
      const timeoutMs = parseDuration(flags.timeout);
      const namesOnly = parseNamesOnly(flags.output);
      const inputs = await readInputs(flags.filename ?? [], { recursive: flags.recursive ?? false }, deps);
      const { objects, problems } = validateInputs(inputs);
      refuseInvalid(problems);
      if (objects.length === 0) throw new MuxletError('MUX_SPEC_INVALID', 'no objects passed to apply');
      const changes = await applyObjects(objects, { places, dryRun }, deps);
      deps.stdout.write(renderChanges(changes, { dryRun, namesOnly }));
      if (!flags.wait || dryRun) return;
      const names = changes.filter(({ kind }) => kind === 'Project');
      await waitForAll(names, { type: 'Condition', condition: 'Ready', status: 'True' }, { deps, places, timeoutMs });
    });
}

export function parseNamesOnly(output: string | undefined): boolean {
  if (output === undefined || output === 'name') return output === 'name';
  throw new MuxletError('MUX_USAGE', `-o ${output} is not for this command: only name is`);
}

/** Writes valid objects into the specs, all or none. */
async function applyObjects(
  objects: readonly InputObject[],
  options: ChangeOptions,
  deps: CliDeps,
): Promise<readonly Change[]> {
  const { places } = options;
  return await withProgress(deps, (say, own) =>
    changeSpecs(own, options, async (files) => {
      const changes: Change[] = [];
      for (const { object, input } of objects) {
        const { file, folder } = input;
        say(`${object.metadata.name}, ${changes.length + 1} of ${objects.length}`);
        changes.push(await putObject({ object, folder, ...(file !== undefined && { file }) }, { places, files }));
      }
      return changes;
    }),
  );
}
