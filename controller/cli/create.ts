import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { AgentClass, Project } from '../api/generated/all.ts';
import { API_VERSION } from '../api/kinds.ts';
import { parseNamesOnly } from './apply.ts';
import { DRY_RUN_OPTION, isDryRun } from './dry-run.ts';
import { absolute, placesOf } from './options.ts';
import type { CliDeps, Places } from './ports.ts';
import { newFile, putObject } from './put-object.ts';
import { readInputs } from './read-inputs.ts';
import { type Change, renderChanges } from './render/changes.ts';
import { kindNamed } from './resources.ts';
import { locateOne } from './spec-text.ts';
import { type InputObject, refuseInvalid, validateInputs } from './validate-inputs.ts';
import { changeSpecs } from './write-specs.ts';

interface WriteFlags {
  readonly dryRun?: string | true;
  readonly output?: string;
}

interface ProjectFlags extends WriteFlags {
  readonly agent: string;
  readonly class?: string;
  readonly workingDir?: string;
}

interface ClassFlags extends WriteFlags {
  readonly describe?: string;
}

export function addCreate(program: Command, deps: CliDeps): void {
  const create = program
    .command('create')
    .summary('write a new object into the specs')
    .description('Writes a new object into the specs, out of flags or of what -f names; refuses one that is there.')
    .option('-f, --filename <path...>', 'a file, a directory, or - for standard input')
    .option(...DRY_RUN_OPTION)
    .option('-o, --output <format>', 'name: print only the names of the objects')
    .action(async (flags: WriteFlags & { filename?: readonly string[] }, command: Command) => {
      const inputs = await readInputs(flags.filename ?? [], { recursive: false }, deps);
      const { objects, problems } = validateInputs(inputs);
      refuseInvalid(problems);
      await createObjects(objects, { deps, places: placesOf(command, deps), flags });
    });
  create
    .command('project')
    .summary('a project with one agent')
    .description('Writes a project with one agent: muxlet create project web --working-dir . -- sh -c "exec sleep 1d"')
    .argument('<name>')
    .argument('[command...]', "the agent's program and its arguments, after --")
    .option('--agent <name>', 'name of the agent', 'main')
    .option('--class <name>', 'AgentClass of the agent')
    .option('--working-dir <dir>', 'where the agent starts')
    .action(async (name: string, argv: string[], _flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ProjectFlags>();
      await createObject(projectOf(name, argv, { flags, cwd: deps.cwd }), {
        deps,
        places: placesOf(command, deps),
        flags,
      });
    });
  create
    .command('agentclass')
    .summary('an AgentClass')
    .description('Writes an AgentClass: muxlet create agentclass sleeper -- sleep infinity')
    .argument('<name>')
    .argument('[command...]', 'program and arguments of its agents, after --')
    .option('--describe <text>', 'one line that says what it is')
    .action(async (name: string, argv: string[], _flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ClassFlags>();
      const agentClass: AgentClass = {
        apiVersion: API_VERSION,
        kind: 'AgentClass',
        metadata: { name },
        spec: {
          ...(flags.describe !== undefined && { description: flags.describe }),
          ...(argv.length > 0 && { command: argv }),
        },
      };
      await createObject(agentClass, { deps, places: placesOf(command, deps), flags });
    });
}

function projectOf(
  name: string,
  argv: string[],
  { flags, cwd }: { readonly flags: ProjectFlags; readonly cwd: string },
): Project {
  const agent = {
    name: flags.agent,
    ...(flags.class !== undefined && { class: flags.class }),
    ...(argv.length > 0 && { command: argv }),
  };
  const workingDir = flags.workingDir === undefined ? {} : { workingDir: absolute(cwd, flags.workingDir) };
  return { apiVersion: API_VERSION, kind: 'Project', metadata: { name }, spec: { ...workingDir, agents: [agent] } };
}

interface CreateContext {
  readonly deps: CliDeps;
  readonly places: Places;
  readonly flags: WriteFlags;
}

/** What flags say is validated as if a person had written it. */
async function createObject(object: Project | AgentClass, context: CreateContext): Promise<void> {
  const input = { name: newFile(context.places, object), folder: context.deps.cwd, text: JSON.stringify(object) };
  const { objects, problems } = validateInputs([input]);
  refuseInvalid(problems);
  await createObjects(objects, context);
}

async function createObjects(objects: readonly InputObject[], { deps, places, flags }: CreateContext): Promise<void> {
  const dryRun = isDryRun(flags.dryRun);
  const namesOnly = parseNamesOnly(flags.output);
  const changes = await changeSpecs(deps, { places, dryRun }, async (files) => {
    const taken = objects.find(({ kind, name }) => locateOne(places, { kind, name }) !== undefined);
    if (taken !== undefined) {
      throw new MuxletError('MUX_CONFLICT', `${kindNamed(taken.kind).plural} "${taken.name}" already exists`, {
        hint: "change it with 'muxlet edit' or 'muxlet apply'",
      });
    }
    const made: Change[] = [];
    for (const { object, input } of objects)
      made.push(await putObject({ object, folder: input.folder }, { places, files }));
    return made;
  });
  deps.stdout.write(renderChanges(changes, { dryRun, namesOnly }));
}
