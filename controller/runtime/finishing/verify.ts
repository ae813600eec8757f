import type { FinishLook, FinishRequest } from '../../api/finishing.ts';
import type { VerificationStatus } from '../../api/generated/all.ts';
import { inCleanTree } from './own-trees.ts';
import type { RoundPorts } from './ports.ts';
import { type CommandsEnd, runCommands } from './run-commands.ts';

type Ports = Pick<RoundPorts, 'trees' | 'commands' | 'processes' | 'now'>;

export interface Verifying {
  readonly request: FinishRequest;
  /** Undefined: what stands in the project's directory is verified where it stands. */
  readonly commit: string | undefined;
  readonly signal: AbortSignal;
  readonly tell: (status: VerificationStatus) => void;
}

/**
 * Runs the commands of the verification in a clean work tree, which is given its files and set up first. A set-up that
 * fails refuses the work as well: it fails in what the work made of it.
 *
 * @returns what is known then; no state if all has passed
 * @throws MuxletError if there is no such tree to be had, or processes cannot be ended
 */
export async function verify(
  { request, commit, signal, tell }: Verifying,
  ports: Ports,
): Promise<Partial<Pick<FinishLook, 'state' | 'message' | 'tail' | 'verification'>>> {
  const { verification, setUp, round } = request;
  if (verification === undefined) return {};
  const log = ports.commands.openLog('verify');
  const at = (): string => new Date(ports.now()).toISOString();
  const known = { round, log: log.path, startedAt: at(), ...(commit !== undefined && { commit }) };
  const env = commit === undefined ? {} : { MUXLET_BRANCH: request.into, MUXLET_COMMIT: commit };
  const onCommand = (command: string): void => {
    tell({ ...known, state: 'Running', command });
  };
  const run = (cwd: string, commands: typeof verification.commands): Promise<CommandsEnd> =>
    runCommands({ commands, cwd, env, log, onCommand }, ports, signal);
  tell({ ...known, state: 'Running' });
  try {
    const end = await (commit === undefined
      ? run(request.directory, verification.commands)
      : inCleanTree(ports.trees, { path: `${request.root}/.verification`, commit }, async (tree) => {
          await ports.commands.provide(tree);
          return run(tree, [...(setUp === undefined ? [] : [setUp]), ...verification.commands]);
        }));
    return lookOf(end, { ...known, finishedAt: at() }, await log.close());
  } finally {
    await log.close();
  }
}

function lookOf(
  end: CommandsEnd,
  known: Omit<VerificationStatus, 'state'>,
  tail: readonly string[],
): Partial<Pick<FinishLook, 'state' | 'message' | 'tail' | 'verification'>> {
  switch (end.type) {
    case 'Passed':
      return { verification: { ...known, state: 'Passed' } };
    case 'Failed':
    case 'Unknown': {
      const { command, message } = end;
      const verification: VerificationStatus = { ...known, state: 'Failed', command, message };
      const state = end.type === 'Failed' ? 'Refused' : 'Failed';
      return { state, verification, tail, message: `${command} ${message}` };
    }
    case 'Aborted':
      return { state: 'Running' };
  }
}
