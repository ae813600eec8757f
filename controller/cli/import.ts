import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { Queue } from '../api/generated/all.ts';
import { API_VERSION } from '../api/kinds.ts';
import type { Manifest } from '../api/manifest.ts';
import { nameProjects } from './batch/name-projects.ts';
import { type Batch, type BatchEntry, readBatch } from './batch/read-batch.ts';
import { proposeProject } from './create-project.ts';
import { DRY_RUN_OPTION, isDryRun } from './dry-run.ts';
import { absolute, placesOf } from './options.ts';
import type { CliDeps, Places } from './ports.ts';
import { type Say, withProgress } from './progress.ts';
import { proposedProject } from './propose/project-text.ts';
import { type NewObject, putObject } from './put-object.ts';
import { type Change, renderChanges } from './render/changes.ts';
import { changeSpecs } from './write-specs.ts';

interface ImportFlags {
  readonly queue?: string;
  readonly class?: string;
  readonly team?: string;
  readonly dryRun?: string | true;
}

export function addImport(program: Command, deps: CliDeps): void {
  const verb = program
    .command('import')
    .summary('take over what another system has')
    .description("Writes objects into the specs, out of another system's files.");
  verb
    .command('batch')
    .summary('a batch file of the former system')
    .description('Writes a project for each entry of a batch file, and a queue for all of them; or nothing at all.')
    .argument('<file>', 'the batch file: JSON or YAML')
    .option('--queue <name>', "name of the queue (default: the batch file's)")
    .option('--class <name>', 'AgentClass of the agents (default: the only one that is installed)')
    .option('--team <name>', 'Team, instead of the one that is proposed for each repository')
    .option(...DRY_RUN_OPTION)
    .action(async (file: string, flags: ImportFlags, command: Command) => {
      const places = placesOf(command, deps);
      const objects = await withProgress(deps, (say, own) => importBatch(file, flags, { deps: own, places, say }));
      const dryRun = isDryRun(flags.dryRun);
      const changes = await changeSpecs(deps, { places, dryRun }, async (files) => {
        const made: Change[] = [];
        for (const next of objects)
          made.push(refuseOther(await putObject({ ...next, folder: places.specs }, { places, files })));
        return made;
      });
      deps.stdout.write(renderChanges(changes, { dryRun }));
    });
}

interface Context {
  readonly deps: CliDeps;
  readonly places: Places;
  readonly say: Say;
}

type Imported = Required<Pick<NewObject, 'object' | 'at'>>;

/**
 * A folder for the batch, its files named in the order of the entries: that is the order in which the queue takes them.
 *
 * @throws MUX_SPEC_INVALID that names everything that is wrong, each with its entry and field
 */
async function importBatch(file: string, flags: ImportFlags, context: Context): Promise<readonly Imported[]> {
  const { deps } = context;
  const path = absolute(deps.cwd, file);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new MuxletError('MUX_NOT_FOUND', `the batch file ${path} cannot be read`);
  });
  const { batch, faults } = readBatch(text);
  refuse(file, faults);
  const queue = queueOf(flags.queue ?? queueName(path), batch);
  const names = nameProjects(batch.entries);
  const found: string[] = [];
  const projects: Imported[] = [];
  for (const [index, entry] of batch.entries.entries()) {
    context.say(`looking at ${entry.directory}, ${index + 1} of ${batch.entries.length}`);
    const name = names[index];
    if (name === undefined) {
      found.push(`${entry.place}.spec_file: no name is left for its project; rename the file ${entry.specFile}`);
      continue;
    }
    const project = await projectOf(name, entry, { ...context, flags, folder: dirname(path), found });
    if (project === undefined) continue;
    const object = withCourse(project, entry, queue.metadata.name);
    projects.push({ object, at: `${queue.metadata.name}/${number(index, batch.entries.length)}-${name}.yaml` });
  }
  refuse(file, found);
  for (const name of batch.ignored)
    deps.stderr.write(`${file}: batch_config.${name} has no meaning here and is left out\n`);
  return [{ object: queue, at: `${queue.metadata.name}/queue.yaml` }, ...projects];
}

interface EntryContext extends Context {
  readonly flags: ImportFlags;
  /** Of the batch file: relative paths start there. */
  readonly folder: string;
  readonly found: string[];
}

async function projectOf(name: string, entry: BatchEntry, { deps, places, flags, folder, found }: EntryContext) {
  const at = (path: string): string =>
    path.startsWith('~/') ? resolve(deps.home, path.slice(2)) : resolve(folder, path);
  const goal = at(entry.specFile);
  const repo = at(entry.directory);
  const faults = [
    ...((await isThere(goal, 'File')) ? [] : [`${entry.place}.spec_file: the file ${goal} does not exist`]),
    ...(entry.isNew || (await isThere(repo, 'Directory'))
      ? []
      : [`${entry.place}.project_directory: the directory ${repo} does not exist`]),
  ];
  found.push(...faults);
  if (faults.length > 0) return undefined;
  if (entry.isNew && !(await isThere(repo, 'Directory'))) {
    deps.stderr.write(`${name} waits until there is a directory: git init ${repo}\n`);
  }
  const { team, class: agentClass } = flags;
  const asked = { ...(team !== undefined && { team }), ...(agentClass !== undefined && { class: agentClass }) };
  try {
    const { project } = await proposeProject(name, { repo, goal, isNew: entry.isNew, ...asked }, { deps, places });
    return proposedProject(project);
  } catch (error) {
    if (!(error instanceof MuxletError)) throw error;
    found.push(`${entry.place}: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`);
    return undefined;
  }
}

/** What is not enabled is there, suspended: 'muxlet edit' lets it go on. */
function withCourse(project: ReturnType<typeof proposedProject>, entry: BatchEntry, queue: string): Manifest {
  const { metadata, spec } = project;
  const labels = Object.keys(entry.labels).length === 0 ? {} : { labels: { ...entry.labels } };
  return {
    ...project,
    metadata: { ...metadata, ...labels },
    spec: { queue, ...(!entry.enabled && { suspend: true }), ...spec },
  };
}

/** 01, 02, … : as the names of files, they sort as they count. */
function number(index: number, of: number): string {
  return `${index + 1}`.padStart(Math.max(2, `${of}`.length), '0');
}

function queueName(path: string): string {
  const words = basename(path, extname(path)).toLowerCase();
  return words.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'batch';
}

function queueOf(name: string, { concurrency }: Batch): Queue {
  const spec = concurrency === undefined ? {} : { maxRunning: concurrency };
  return { apiVersion: API_VERSION, kind: 'Queue', metadata: { name }, spec };
}

async function isThere(path: string, type: 'File' | 'Directory'): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return type === 'File' ? found?.isFile() === true : found?.isDirectory() === true;
}

function refuse(file: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  const count = faults.length === 1 ? '1 problem' : `${faults.length} problems`;
  const list = faults.map((fault) => `${file}: ${fault}`).join('\n');
  throw new MuxletError('MUX_SPEC_INVALID', `${count}, nothing was changed:\n${list}`);
}

/** The same file can be imported again; what a person has changed since, or made otherwise, is not written over. */
function refuseOther(change: Change): Change {
  if (change.verb !== 'configured') return change;
  throw new MuxletError('MUX_CONFLICT', `${change.kind} ${change.name} exists already, and is another one`, {
    hint: 'rename the spec file in the batch, give the queue another name with --queue, or delete the object',
  });
}
