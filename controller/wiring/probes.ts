import type { LaunchPreparer } from '../act/agent/prepare-launch.ts';
import { environmentOf } from '../act/launch.ts';
import { MuxletError } from '../api/errors.ts';
import { type GroupOptions, type GroupResult, runInGroup } from '../exec/run-in-group.ts';
import type { Secrets } from '../observe/secrets.ts';
import type { ProbeOutcome } from '../runtime/probes/probe-state.ts';
import type { ProbeRun } from '../runtime/probes/prober.ts';
import { tmuxEnvironment } from '../tmux/environment.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** So much of what a probe printed last is told, in characters. */
const MAX_TOLD = 200;
/** What the command itself, or its directory, is to blame for; everything else may be a shortage of our own. */
const OWN_FAULT = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC']);

export type Started = Pick<GroupOptions, 'timeoutMs' | 'signal' | 'cwd' | 'input' | 'stdoutBytes'>;

/** Runs a program with the variables that an agent was given. Throws where they cannot be had. */
export function createAgentRunner(launches: Pick<LaunchPreparer, 'variablesOf'>, env: Env) {
  return async ({ argv, agent, mark }: Omit<ProbeRun, 'timeoutMs'>, options: Started): Promise<GroupResult> => {
    const variables = await launches.variablesOf({ owner: mark, agent, run: mark.run });
    const own = environmentOf({ owner: mark, agent, run: mark.run, variables });
    return runInGroup(argv, { ...options, env: { ...tmuxEnvironment(env), ...own } });
  };
}

/** Runs a probe in the agent's directory, with the variables that the agent was given. */
export function createProbeRunner(secrets: Secrets, launches: Pick<LaunchPreparer, 'variablesOf'>, env: Env) {
  const start = createAgentRunner(launches, env);
  return async ({ timeoutMs, ...run }: ProbeRun, signal: AbortSignal): Promise<ProbeOutcome> => {
    const { agent } = run;
    try {
      const result = await start(run, { cwd: agent.workingDir, timeoutMs, signal });
      const [printed = ''] = await secrets.redact(agent.env, [lastLine(result)]);
      return outcomeOf(result, printed, timeoutMs);
    } catch (error) {
      return { type: 'Unknown', message: error instanceof MuxletError ? error.message : String(error) };
    }
  };
}

export function outcomeOf(result: GroupResult, printed: string, timeoutMs: number): ProbeOutcome {
  const told = printed === '' ? '' : `: ${printed.slice(0, MAX_TOLD)}`;
  switch (result.type) {
    case 'Exited':
      if (result.exitCode === 0) return { type: 'Succeeded' };
      return { type: 'Failed', message: `exited with ${result.exitCode}${told}` };
    case 'Signalled':
      return { type: 'Failed', message: `ended by ${result.signal}${told}` };
    case 'TimedOut':
      return { type: 'Failed', message: `did not end within ${timeoutMs / 1000} s${told}` };
    case 'Aborted':
      return { type: 'Unknown', message: 'it was stopped' };
    case 'NotStarted': {
      const message = `could not be started (${result.code})`;
      return OWN_FAULT.has(result.code) ? { type: 'Failed', message } : { type: 'Unknown', message };
    }
  }
}

function lastLine(result: GroupResult): string {
  return 'output' in result ? (result.output.trim().split('\n').at(-1) ?? '') : '';
}
