/** Git, processes and commands, as rounds of finishing need them. */
import { abortMerge, headOf, mergeCommit } from '../act/git/merge.ts';
import { fastForward, moveRef } from '../act/git/move-refs.ts';
import { openTree, removeTree } from '../act/git/own-tree.ts';
import { pushCommit } from '../act/git/push-commit.ts';
import { deleteRef } from '../act/git/remove-work-tree.ts';
import { signalProcesses } from '../act/signals.ts';
import type { FinishRequest } from '../api/finish-request.ts';
import { FINISHER } from '../api/finishing.ts';
import { resultReason } from '../api/work-tree-mark.ts';
import { systemClock } from '../exec/clock.ts';
import { areRelated, commitOf, independentOf, isAncestor, refsWithin, stepsSince } from '../observe/git/ancestry.ts';
import { seeWorkTrees } from '../observe/git/list-work-trees.ts';
import { realPath } from '../observe/git/real-path.ts';
import { hasRemote, pushUrlOf } from '../observe/git/remotes.ts';
import { unmergedFiles } from '../observe/git/unmerged-files.ts';
import type { Secrets } from '../observe/secrets.ts';
import type { ProcessPorts, RoundPorts } from '../runtime/finishing/ports.ts';
import type { createCommandLogs } from '../store/command-logs/command-logs.ts';
import { tmuxEnvironment } from '../tmux/environment.ts';
import { commandsOf } from './finishing-commands.ts';
import { createGitAccess } from './git-access.ts';
import type { RunSettings } from './settings.ts';
import type { TmuxWorld } from './tmux-world.ts';
import { homeMark, withoutCopies } from './world.ts';

export interface PortsOptions {
  readonly settings: Pick<RunSettings, 'state' | 'socket'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly world: Pick<TmuxWorld, 'marked' | 'startTimeOf'>;
  readonly secrets: Secrets;
  readonly openLog: ReturnType<typeof createCommandLogs>;
}

type Place = Pick<FinishRequest, 'project' | 'repository'>;

export function createFinishingPorts({ settings, env, world, secrets, openLog }: PortsOptions) {
  const look = withoutCopies(world.marked.look, settings);
  const accessOf = createGitAccess(secrets);
  const home = homeMark(settings.state);

  /**
   * Commands bear the project's mark: a later controller knows them by that. They have a session of their own; git has
   * ours, and bears none: whatever shares a session with a marked process counts as marked.
   */
  const marksOf = ({ uid, project }: Pick<FinishRequest, 'uid' | 'project'>) => ({
    MUXLET_UID: uid,
    MUXLET_PROJECT: project,
    MUXLET_AGENT: FINISHER,
    MUXLET_STATE: settings.state,
    MUXLET_TMUX_SOCKET: settings.socket,
  });

  function processesOf(uid: string, maxAgeMs = 0): ProcessPorts {
    return {
      async look() {
        const seen = await look(uid, maxAgeMs);
        if (seen.state === 'Unknown') return seen;
        return { ...seen, value: seen.value.filter(({ agent }) => agent === FINISHER) };
      },
      signal: (seen, signal) => {
        signalProcesses(seen, `SIG${signal}`, world.startTimeOf);
      },
      pause: (ms) =>
        new Promise((resolve) => {
          systemClock.after(ms, resolve);
        }),
    };
  }

  function treesOf({ repository, project }: Place): RoundPorts['trees'] {
    const mark = resultReason({ project, home });
    const own = { repository, mark };
    return {
      mark,
      workTrees: () => seeWorkTrees(repository),
      resolved: realPath,
      open: (path, commit) => openTree({ ...own, path }, commit),
      remove: (path) => removeTree({ ...own, path }),
    };
  }

  function portsOf(request: FinishRequest): RoundPorts {
    const { repository, uid } = request;
    return {
      history: {
        commitOf: (name) => commitOf(repository, name),
        isAncestor: (commit, of) => isAncestor(repository, commit, of),
        areRelated: (one, other) => areRelated(repository, one, other),
        independentOf: (commits) => independentOf(repository, commits),
        stepsSince: (base, tip) => stepsSince(repository, base, tip),
      },
      trees: treesOf(request),
      merging: {
        merge: mergeCommit,
        headOf,
        unmergedFiles,
        abort: abortMerge,
        moveRef: (move) => moveRef(repository, move),
      },
      backups: {
        within: (prefix, commit) => refsWithin(repository, prefix, commit),
        drop: (ref, commit) => deleteRef(repository, ref, commit),
      },
      publishing: {
        hasRemote: (name) => hasRemote(repository, name),
        fastForward: (move) => fastForward(repository, move),
        async push(what, signal) {
          const { credentials, address } = request.integration ?? {};
          const url = address ?? (await pushUrlOf(repository, what.remote));
          await pushCommit(repository, what, await accessOf(url, credentials), signal);
        },
      },
      commands: commandsOf({ request, env: tmuxEnvironment(env), marks: marksOf(request), secrets, openLog }),
      processes: processesOf(uid),
      now: systemClock.now,
    };
  }

  return { portsOf, treesOf, processesOf };
}
