import type { FinishRequest } from '../../api/finish-request.ts';
import type { FinishLook } from '../../api/finishing.ts';
import type { VerificationStatus } from '../../api/generated/all.ts';
import { inCleanTree } from './own-trees.ts';
import type { RoundPorts } from './ports.ts';
import { type CommandsEnd, runCommands } from './run-commands.ts';
import { TREES } from './sweep.ts';

type Ports = Pick<RoundPorts, 'trees' | 'commands' | 'processes' | 'now'>;

export interface Target {
  readonly branch: string;
  readonly commit: string;
}

export interface Verifying {
  readonly request: FinishRequest;
  /** What is verified, one after the other; nothing: what stands in the project's directory, where it stands. */
  readonly targets: readonly Target[];
  readonly signal: AbortSignal;
  readonly tell: (status: VerificationStatus) => void;
}

type Learnt = Partial<Pick<FinishLook, 'state' | 'message' | 'tail' | 'verification'>>;

/**
 * Runs the commands of the verification in a clean work tree, which is given its files and set up first. A set-up that
 * fails refuses the work as well: it fails in what the work made of it.
 *
 * @returns what is known then; no state if all has passed
 * @throws MuxletError if there is no such tree to be had, or processes cannot be ended
 */
export async function verify({ request, targets, signal, tell }: Verifying, ports: Ports): Promise<Learnt> {
  const { verification, setUp, round, root } = request;
  if (verification === undefined) return {};
  const { commands } = verification;
  const log = ports.commands.openLog('verify');
  const at = (): string => new Date(ports.now()).toISOString();
  let known: Omit<VerificationStatus, 'state'> = { round, log: log.path, startedAt: at() };
  const run = (cwd: string, due: typeof commands, env = {}): Promise<CommandsEnd> => {
    const onCommand = (command: string): void => {
      tell({ ...known, state: 'Running', command });
    };
    return runCommands({ commands: due, cwd, env, log, onCommand }, ports, signal);
  };
  const runAt = ({ branch, commit }: Target): Promise<CommandsEnd> => {
    known = { ...known, commit };
    tell({ ...known, state: 'Running' });
    log.note(`${branch} at ${commit}`);
    return inCleanTree(ports.trees, { path: `${root}/${TREES.verify}`, commit }, async (tree) => {
      await ports.commands.provide(tree);
      const due = setUp === undefined ? commands : [setUp, ...commands];
      return run(tree, due, { MUXLET_BRANCH: branch, MUXLET_COMMIT: commit, MUXLET_WORK_TREE: tree });
    });
  };
  try {
    let end: CommandsEnd = targets.length === 0 ? await run(request.directory, commands) : { type: 'Passed' };
    for (const target of targets) if (end.type === 'Passed') end = await runAt(target);
    return lookOf(end, { ...known, finishedAt: at() }, await log.close());
  } finally {
    await log.close();
  }
}

function lookOf(end: CommandsEnd, known: Omit<VerificationStatus, 'state'>, tail: readonly string[]): Learnt {
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
