/**
 * The command line: one file a verb, each of which adds itself to the program. Verbs return data and render/ prints
 * it; they know the machine and the other rooms only through ports.ts. What kubectl has is done as kubectl does it.
 */
import { Command } from 'commander';
import { addAgentClass } from './agentclass.ts';
import { addAlert } from './alert.ts';
import { addAnnotate } from './annotate.ts';
import { addApiResources } from './api-resources.ts';
import { addApply } from './apply.ts';
import { addAttach } from './attach.ts';
import { addAudit } from './audit.ts';
import { addCompletion } from './completion.ts';
import { addCreate } from './create.ts';
import { addDelete } from './delete.ts';
import { addDescribe } from './describe.ts';
import { addDiff } from './diff.ts';
import { addDoctor } from './doctor.ts';
import { addDown } from './down.ts';
import { addEdit } from './edit.ts';
import { addEvents } from './events.ts';
import { formatHelp } from './examples.ts';
import { addExplain } from './explain.ts';
import { addGet } from './get.ts';
import { addHelp } from './help.ts';
import { addImport } from './import.ts';
import { addLabel } from './label.ts';
import { addLogs } from './logs.ts';
import { addGlobalOptions } from './options.ts';
import { addPlan } from './plan.ts';
import type { CliDeps } from './ports.ts';
import { addReconcile } from './reconcile.ts';
import { addRecover } from './recover.ts';
import { addReport } from './report.ts';
import { reportError } from './report-error.ts';
import { addReset } from './reset.ts';
import { addRestart } from './restart.ts';
import { addResume } from './resume.ts';
import { addSend } from './send.ts';
import { addService } from './service.ts';
import { addSuspend } from './suspend.ts';
import { addTop } from './top.ts';
import { addValidate } from './validate.ts';
import { addVersion } from './version.ts';
import { addWait } from './wait.ts';

export function buildProgram(deps: CliDeps): Command {
  const program = new Command('muxlet')
    .description('Keeps teams of AI coding agents alive and working in tmux, the Kubernetes way.')
    .version(deps.version, '-V, --version')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, formatHelp })
    .configureOutput({
      writeOut: (text) => deps.stdout.write(text),
      writeErr: (text) => deps.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  addGlobalOptions(program);
  for (const addVerb of VERBS) addVerb(program, deps);
  return program;
}

/** In the order in which help lists them. */
const VERBS = [
  addGet,
  addDescribe,
  addEvents,
  addLogs,
  addAttach,
  addTop,
  addSend,
  addReport,
  addApply,
  addCreate,
  addImport,
  addEdit,
  addDelete,
  addLabel,
  addAnnotate,
  addSuspend,
  addResume,
  addRestart,
  addReset,
  addReconcile,
  addValidate,
  addPlan,
  addDiff,
  addWait,
  addExplain,
  addApiResources,
  addAgentClass,
  addAlert,
  addRecover,
  addAudit,
  addDoctor,
  addDown,
  addService,
  addVersion,
  addCompletion,
  addHelp,
];

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
