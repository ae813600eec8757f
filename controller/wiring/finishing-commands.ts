import { provideFiles } from '../act/git/provide-files.ts';
import { MuxletError } from '../api/errors.ts';
import type { FinishRequest } from '../api/finish-request.ts';
import { type GroupResult, runInGroup } from '../exec/run-in-group.ts';
import type { Secrets } from '../observe/secrets.ts';
import type { CommandEnd, CommandHands, CommandLog } from '../runtime/finishing/ports.ts';

/** What a command that takes too long has to end by itself, in milliseconds; no more than it had at all. */
const GRACE_MS = 5000;
/** What the command itself, or what it is run on, is to blame for; everything else may be a shortage of our own. */
const OWN_FAULT = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC']);

// What it prints of its errors comes between the rest as it happened. The text is fixed; data are its arguments.
const ONE_STREAM = 'exec "$@" 2>&1';

export interface CommandsOptions {
  readonly request: FinishRequest;
  readonly env: Readonly<Record<string, string>>;
  /** No variable of a project takes their place. */
  readonly marks: Readonly<Record<string, string>>;
  readonly secrets: Secrets;
  readonly openLog: (uid: string, name: string, redact: Redact) => CommandLog;
}

type Redact = (lines: readonly string[]) => Promise<readonly string[]>;

/** What rounds do beside git: commands with the variables of their project, and the files that these need. */
export function commandsOf({ request, env, marks, secrets, openLog }: CommandsOptions): CommandHands {
  const { uid, attempt, round, env: variables = [], checkout, files = [] } = request;
  const redact: Redact = (lines) => secrets.redact(variables, lines);
  return {
    openLog: (name) => openLog(uid, name === 'verify' ? `${attempt}-${round}` : `${attempt}-${round}-publish`, redact),
    async provide(tree) {
      const step = await provideFiles({ checkout, tree, files });
      if (!step.ok) throw new MuxletError('MUX_COMMAND_FAILED', step.message);
    },
    async run({ argv, timeoutMs }, { cwd, env: more, log }, signal) {
      const result = await runInGroup(['sh', '-c', ONE_STREAM, 'sh', ...argv], {
        cwd,
        env: { ...env, ...(await secrets.resolve(variables)), ...marks, ...more },
        timeoutMs,
        signal,
        graceMs: Math.min(GRACE_MS, timeoutMs),
        onOutput: log.write,
      });
      return endOf(result, timeoutMs);
    },
  };
}

function endOf(result: GroupResult, timeoutMs: number): CommandEnd {
  switch (result.type) {
    case 'Exited':
      return result.exitCode === 0 ? { type: 'Passed' } : failed(`exited with ${result.exitCode}`);
    case 'Signalled':
      return failed(`was ended by ${result.signal}`);
    case 'TimedOut':
      return failed(`did not end within ${timeoutMs / 1000} s`);
    case 'Aborted':
      return { type: 'Aborted' };
    case 'NotStarted': {
      const message = `could not be started (${result.code})`;
      return OWN_FAULT.has(result.code) ? failed(message) : { type: 'Unknown', message };
    }
  }
}

function failed(message: string): CommandEnd {
  return { type: 'Failed', message };
}
