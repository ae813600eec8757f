/**
 * The command line: one file a verb, each of which adds itself to the program. Verbs return data and render/ prints
 * it; they know the machine and the other rooms only through ports.ts. What kubectl has is done as kubectl does it.
 */
import { Command } from 'commander';
import { formatHelp } from './examples.ts';
import { addGlobalOptions } from './options.ts';
import type { CliDeps } from './ports.ts';
import { reportError } from './report-error.ts';
import type { AddVerb } from './verb.ts';

/** Loads the file of a verb. */
type LoadVerb = () => Promise<AddVerb>;

export interface BuildOptions {
  /** The command line, without the program's own name. */
  readonly args?: readonly string[];
  /** Verbs beside those of this room, listed after them. */
  readonly more?: Readonly<Record<string, LoadVerb>>;
}

/**
 * The program with all its verbs; or, given a command line, with no verb but the one that it calls: what the others need
 * takes longer to load than most of them to run.
 */
export async function buildProgram(deps: CliDeps, { args = [], more = {} }: BuildOptions = {}): Promise<Command> {
  const known = new Map(Object.entries({ ...VERBS, ...more }));
  const called = known.get(verbIn(args));
  const verbs = await Promise.all((called === undefined ? [...known.values()] : [called]).map((load) => load()));
  const program = new Command('muxlet')
    .description('Keeps teams of AI coding agents alive and working in tmux, the Kubernetes way.')
    .version(deps.version, '-V, --version')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, formatHelp })
    .configureOutput({
      writeOut: (text) => deps.stdout.write(text),
      writeErr: (text) => deps.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  addGlobalOptions(program);
  for (const addVerb of verbs) addVerb(program, deps, () => buildProgram(deps, { more }));
  return program;
}

/** The first word that is neither a flag nor a flag's value: as the parser will find it. */
function verbIn(args: readonly string[]): string {
  return addGlobalOptions(new Command()).parseOptions([...args]).operands[0] ?? '';
}

/** In the order in which help lists them. */
const VERBS: Readonly<Record<string, LoadVerb>> = {
  get: async () => (await import('./get.ts')).addGet,
  describe: async () => (await import('./describe.ts')).addDescribe,
  events: async () => (await import('./events.ts')).addEvents,
  logs: async () => (await import('./logs.ts')).addLogs,
  attach: async () => (await import('./attach.ts')).addAttach,
  top: async () => (await import('./top.ts')).addTop,
  send: async () => (await import('./send.ts')).addSend,
  report: async () => (await import('./report.ts')).addReport,
  apply: async () => (await import('./apply.ts')).addApply,
  create: async () => (await import('./create.ts')).addCreate,
  import: async () => (await import('./import.ts')).addImport,
  edit: async () => (await import('./edit.ts')).addEdit,
  delete: async () => (await import('./delete.ts')).addDelete,
  label: async () => (await import('./label.ts')).addLabel,
  annotate: async () => (await import('./annotate.ts')).addAnnotate,
  suspend: async () => (await import('./suspend.ts')).addSuspend,
  resume: async () => (await import('./resume.ts')).addResume,
  restart: async () => (await import('./restart.ts')).addRestart,
  reset: async () => (await import('./reset.ts')).addReset,
  reconcile: async () => (await import('./reconcile.ts')).addReconcile,
  validate: async () => (await import('./validate.ts')).addValidate,
  plan: async () => (await import('./plan.ts')).addPlan,
  diff: async () => (await import('./diff.ts')).addDiff,
  wait: async () => (await import('./wait.ts')).addWait,
  explain: async () => (await import('./explain.ts')).addExplain,
  'api-resources': async () => (await import('./api-resources.ts')).addApiResources,
  agentclass: async () => (await import('./agentclass.ts')).addAgentClass,
  alert: async () => (await import('./alert.ts')).addAlert,
  recover: async () => (await import('./recover.ts')).addRecover,
  audit: async () => (await import('./audit.ts')).addAudit,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
  down: async () => (await import('./down.ts')).addDown,
  service: async () => (await import('./service.ts')).addService,
  version: async () => (await import('./version.ts')).addVersion,
  completion: async () => (await import('./completion.ts')).addCompletion,
  help: async () => (await import('./help.ts')).addHelp,
  __complete: async () => (await import('./complete.ts')).addComplete,
  __words: async () => (await import('./complete.ts')).addWords,
  __manual: async () => (await import('./write-manual.ts')).addWriteManual,
};

/**
 * Parses and runs a command line. Never rejects: errors are printed and become the exit code, 1 for what failed and
 * 2 for what was wrongly asked.
 *
 * @param args without the program's own name
 */
export async function runProgram(program: Command, deps: CliDeps, args: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    reportError(error, deps);
  }
}
