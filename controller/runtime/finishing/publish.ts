import { MuxletError } from '../../api/errors.ts';
import type { FinishRequest } from '../../api/finish-request.ts';
import type { DesiredIntegration, TimedCommand } from '../../api/finishing.ts';
import { inCleanTree } from './own-trees.ts';
import type { RoundPorts } from './ports.ts';
import { type CommandsEnd, commandText, runCommands } from './run-commands.ts';
import { TREES } from './sweep.ts';

type Ports = Pick<RoundPorts, 'history' | 'trees' | 'merging' | 'publishing' | 'commands' | 'processes'>;

export interface Publishing {
  readonly request: FinishRequest;
  readonly integration: DesiredIntegration;
  /** Verified. */
  readonly commit: string;
  /** Told what became of each, as soon as it is known. */
  readonly tell: (done: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Gives the verified result on, as far as the spec says so and no further. What was done before is done again without
 * effect; the command for a pull request is not, once it has succeeded for this commit.
 *
 * @throws MuxletError if a remote or the command refused; what came before it is done
 */
export async function publish(publishing: Publishing, ports: Ports): Promise<'Done' | 'Aborted'> {
  const { integration, commit, tell, signal } = publishing;
  const { fastForward, push, pullRequest } = integration;
  if (fastForward !== undefined) tell(await moveOn(fastForward, publishing, ports));
  if (push !== undefined) tell(await pushTo(push, publishing, ports));
  if (signal.aborted) return 'Aborted';
  if (pullRequest === undefined) return 'Done';
  const mark = `refs/muxlet/published/${publishing.request.project}/${commit}`;
  const text = commandText(pullRequest);
  if ((await ports.history.commitOf(mark)) !== undefined) {
    tell(`${text}: done before for ${short(commit)}`);
    return 'Done';
  }
  const last = await runInTree(pullRequest, publishing, ports);
  if (last === undefined) return 'Aborted';
  await ports.merging.moveRef({ ref: mark, to: commit, from: undefined });
  tell(`${text}: ${last}`);
  return 'Done';
}

/** Not being able to is no failure: the branch is a person's, and what they have done with it counts. */
async function moveOn(
  branch: string,
  { request: { into }, commit }: Publishing,
  { history, trees, publishing }: Ports,
): Promise<string> {
  const moved = `${branch} is at ${short(commit)}`;
  const left = `${branch} is left where it is`;
  const before = await history.commitOf(`refs/heads/${branch}`);
  if (before === commit) return moved;
  if (before !== undefined && !(await history.isAncestor(before, commit))) {
    return `${left}: it has commits that ${into} has not`;
  }
  const holder = (await trees.workTrees()).find((tree) => tree.branch === branch);
  if (holder !== undefined) {
    return `${left}: it is checked out in ${holder.path}; 'git merge --ff-only ${into}' there moves it on`;
  }
  const { ok, error = '' } = await publishing.fastForward({ branch, commit });
  return ok ? moved : `${left}: ${error}`;
}

async function pushTo(
  { remote, branch }: NonNullable<DesiredIntegration['push']>,
  { commit, signal }: Publishing,
  { publishing }: Ports,
): Promise<string> {
  // Git takes a name that it does not know for an address.
  if (!(await publishing.hasRemote(remote))) {
    throw new MuxletError('MUX_NOT_FOUND', `the repository has no remote ${remote}`);
  }
  await publishing.push({ remote, branch, commit }, signal);
  return `${remote}: ${branch} is at ${short(commit)}`;
}

/** In a clean work tree of the result: what tests left behind is not in it. @returns the last line; undefined: aborted */
async function runInTree(
  command: TimedCommand,
  { request, commit, signal }: Publishing,
  ports: Ports,
): Promise<string | undefined> {
  const log = ports.commands.openLog('publish');
  const env = { MUXLET_BRANCH: request.into, MUXLET_COMMIT: commit };
  const place = { path: `${request.root}/${TREES.verify}`, commit };
  let end: CommandsEnd;
  let lines: readonly string[];
  try {
    end = await inCleanTree(ports.trees, place, (cwd) =>
      runCommands({ commands: [command], cwd, env, log }, ports, signal),
    );
  } finally {
    lines = await log.close();
  }
  switch (end.type) {
    case 'Aborted':
      return undefined;
    case 'Passed':
      // The first line is the command.
      return lines.slice(1).at(-1) ?? 'done';
    case 'Failed':
    case 'Unknown':
      throw new MuxletError('MUX_COMMAND_FAILED', `${end.command} ${end.message}; see ${log.path}`);
  }
}

function short(commit: string): string {
  return commit.slice(0, 12);
}
