import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import type { AgentClass, Project } from '../api/generated/all.ts';
import { API_VERSION } from '../api/kinds.ts';
import { renderObject } from '../store/specs/rewrite.ts';
import { type ProposalFlags, proposeProject } from './create-project.ts';
import { DRY_RUN_OPTION, isDryRun } from './dry-run.ts';
import { absolute, placesOf } from './options.ts';
import type { CliDeps, Places } from './ports.ts';
import { proposedProject, proposedText } from './propose/project-text.ts';
import { anchored, newFile, putObject } from './put-object.ts';
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
  readonly agent?: string;
  readonly class?: string;
  readonly workingDir?: string;
  readonly repo?: string;
  readonly goal?: string;
  readonly team?: string;
  readonly size?: string;
  readonly plan?: string;
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
    .option('-o, --output <format>', 'name: print only the names of the objects; yaml: print the objects')
    .action(async (flags: WriteFlags & { filename?: readonly string[] }, command: Command) => {
      const inputs = await readInputs(flags.filename ?? [], { recursive: false }, deps);
      const { objects, problems } = validateInputs(inputs);
      refuseInvalid(problems);
      await createObjects(objects, { deps, places: placesOf(command, deps), flags });
    });
  create
    .command('project')
    .summary('a project with one agent, or with a team for a repository')
    .description(
      'Writes a project with one agent: muxlet create project web --working-dir . -- sh -c "exec sleep 1d". With --repo, a project with a team: the repository is looked at, team and size are proposed, and why is said on standard error.',
    )
    .argument('<name>')
    .argument('[command...]', "the agent's program and its arguments, after --")
    .option('--agent <name>', 'name of the agent (default: main)')
    .option('--class <name>', 'AgentClass of the agents (with --repo, default: the only one that is installed)')
    .option('--working-dir <dir>', 'where the agent starts')
    .option('--repo <dir>', 'the repository for which a team is proposed')
    .option('--goal <goal>', 'what the team is to reach: a file, or the text itself')
    .option('--team <name>', 'Team, instead of the one that is proposed')
    .option('--size <name>', 'small, medium or large, instead of what is proposed')
    .option(
      '--plan <name>',
      'the plan that the account is on: no more agents than it carries (plans of the AgentClass)',
    )
    .action(async (name: string, argv: string[], _flags: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ProjectFlags>();
      const context = { deps, places: placesOf(command, deps), flags };
      refuseMixed(flags, argv);
      if (flags.repo === undefined) await createObject(projectOf(name, argv, { flags, cwd: deps.cwd }), context);
      else await createTeam(name, { ...flags, repo: flags.repo }, context);
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

/** @throws MUX_USAGE where flags for one agent and flags for a team are given together */
function refuseMixed(flags: ProjectFlags, argv: readonly string[]): void {
  const { repo, goal, team, size, plan, agent, workingDir } = flags;
  if (repo === undefined && [goal, team, size, plan].some((flag) => flag !== undefined)) {
    throw new MuxletError('MUX_USAGE', '--goal, --team, --size and --plan go with --repo', {
      hint: '--repo . --goal FILE',
    });
  }
  if (repo !== undefined && (argv.length > 0 || agent !== undefined || workingDir !== undefined)) {
    throw new MuxletError('MUX_USAGE', 'a command, --agent and --working-dir are for one agent, --repo is for a team');
  }
}

async function createTeam(name: string, flags: ProposalFlags, context: CreateContext): Promise<void> {
  const { deps, places } = context;
  // What is taken is said before anything is looked at for it.
  refuseTaken([{ kind: 'Project', name }], places);
  const { project, reasons } = await proposeProject(name, flags, context);
  deps.stderr.write(reasons.map((reason) => `${reason}\n`).join(''));
  await createObject(proposedProject(project), context, proposedText(project));
}

function projectOf(
  name: string,
  argv: string[],
  { flags, cwd }: { readonly flags: ProjectFlags; readonly cwd: string },
): Project {
  const agent = {
    name: flags.agent ?? 'main',
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
async function createObject(object: Project | AgentClass, context: CreateContext, text?: string): Promise<void> {
  const input = {
    name: newFile(context.places, object),
    folder: context.deps.cwd,
    text: text ?? JSON.stringify(object),
  };
  const { objects, problems } = validateInputs([input]);
  refuseInvalid(problems);
  await createObjects(objects, context, text);
}

/** @param text the only object as YAML with comments */
async function createObjects(
  objects: readonly InputObject[],
  { deps, places, flags }: CreateContext,
  text?: string,
): Promise<void> {
  const dryRun = isDryRun(flags.dryRun);
  const format = parseFormat(flags.output);
  const fresh = objects.map(({ object, input }) => ({
    object,
    folder: input.folder,
    ...(text !== undefined && { text }),
  }));
  const changes = await changeSpecs(deps, { places, dryRun }, async (files) => {
    refuseTaken(objects, places);
    const made: Change[] = [];
    for (const object of fresh) made.push(await putObject(object, { places, files }));
    return made;
  });
  const documents = () => fresh.map((next) => next.text ?? renderObject(anchored(next, places.specs))).join('---\n');
  deps.stdout.write(format === 'Yaml' ? documents() : renderChanges(changes, { dryRun, namesOnly: format === 'Name' }));
}

function parseFormat(output: string | undefined): 'Words' | 'Name' | 'Yaml' {
  if (output === undefined) return 'Words';
  if (output === 'name') return 'Name';
  if (output === 'yaml') return 'Yaml';
  throw new MuxletError('MUX_USAGE', `-o ${output} is not for this command: only name and yaml are`);
}

/** @throws MUX_CONFLICT if one of them is there already */
function refuseTaken(objects: readonly Pick<InputObject, 'kind' | 'name'>[], places: Places): void {
  const taken = objects.find(({ kind, name }) => locateOne(places, { kind, name }) !== undefined);
  if (taken === undefined) return;
  throw new MuxletError('MUX_CONFLICT', `${kindNamed(taken.kind).plural} "${taken.name}" already exists`, {
    hint: "change it with 'muxlet edit' or 'muxlet apply'",
  });
}
