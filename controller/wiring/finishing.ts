/** Finishing of work: git, commands and files, as rounds need them. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { abortMerge, headOf, mergeCommit } from '../act/git/merge.ts';
import { fastForward, moveRef } from '../act/git/move-refs.ts';
import { openTree, removeTree } from '../act/git/own-tree.ts';
import { pushCommit } from '../act/git/push-commit.ts';
import { deleteRef } from '../act/git/remove-work-tree.ts';
import { signalProcesses } from '../act/signals.ts';
import type { FinishRequest } from '../api/finish-request.ts';
import { FINISHER } from '../api/finishing.ts';
import { type Key, keyOf } from '../api/key.ts';
import { systemClock } from '../exec/clock.ts';
import { areRelated, commitOf, independentOf, isAncestor, refsWithin, stepsSince } from '../observe/git/ancestry.ts';
import { hasRemote } from '../observe/git/has-remote.ts';
import { listWorkTrees } from '../observe/git/list-work-trees.ts';
import { realPath } from '../observe/git/real-path.ts';
import { unmergedFiles } from '../observe/git/unmerged-files.ts';
import type { Secrets } from '../observe/secrets.ts';
import { createFinisher, type Finisher } from '../runtime/finishing/finisher.ts';
import type { RoundPorts } from '../runtime/finishing/ports.ts';
import { runRound } from '../runtime/finishing/run-round.ts';
import { createVerificationLogs } from '../store/verifications/verification-logs.ts';
import { tmuxEnvironment } from '../tmux/environment.ts';
import { commandsOf } from './finishing-commands.ts';
import { createGitAccess } from './git-access.ts';
import type { Log } from './log.ts';
import type { RunSettings } from './settings.ts';
import type { TmuxWorld } from './tmux-world.ts';
import { homeMark, withoutCopies } from './world.ts';

export interface FinishingOptions {
  readonly settings: Pick<RunSettings, 'state' | 'socket'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly world: Pick<TmuxWorld, 'marked' | 'startTimeOf'>;
  readonly secrets: Secrets;
  readonly hint: (key: Key) => void;
  readonly log: Log;
}

export interface Finishing extends Finisher {
  /** The object is gone, and what is kept of its rounds goes with it. */
  forgotten(uid: string): void;
}

export function createFinishing({ settings, env, world, secrets, hint, log }: FinishingOptions): Finishing {
  const processes = withoutCopies(world.marked.look, settings);
  const directory = join(settings.state, 'verifications');
  const openLog = createVerificationLogs(directory, (path, code) => {
    log.warn('the log of a verification could not be written', { path, code });
  });
  const accessOf = createGitAccess(settings.state, secrets);
  const home = homeMark(settings.state);

  function portsOf(request: FinishRequest): RoundPorts {
    const { repository, uid, project } = request;
    // Whatever a round starts bears the project's mark: a later controller knows it by that.
    const marks = {
      MUXLET_UID: uid,
      MUXLET_PROJECT: project,
      MUXLET_AGENT: FINISHER,
      MUXLET_STATE: settings.state,
      MUXLET_TMUX_SOCKET: settings.socket,
    };
    const lockMark = `muxlet: result of project ${project}, controller ${home}`;
    const treeAt = (path: string) => ({ repository, path, mark: lockMark, env: marks });
    return {
      history: {
        commitOf: (name) => commitOf(repository, name),
        isAncestor: (commit, of) => isAncestor(repository, commit, of),
        areRelated: (one, other) => areRelated(repository, one, other),
        independentOf: (commits) => independentOf(repository, commits),
        stepsSince: (base, tip) => stepsSince(repository, base, tip),
      },
      trees: {
        mark: lockMark,
        workTrees: () => listWorkTrees(repository),
        resolved: realPath,
        open: (path, commit) => openTree(treeAt(path), commit),
        remove: (path) => removeTree(treeAt(path)),
      },
      merging: {
        merge: (tree, what) => mergeCommit(tree, what, marks),
        headOf,
        unmergedFiles,
        abort: (tree) => abortMerge(tree, marks),
        moveRef: (move) => moveRef(repository, move, marks),
      },
      backups: {
        within: (prefix, commit) => refsWithin(repository, prefix, commit),
        drop: (ref, commit) => deleteRef(repository, ref, commit),
      },
      publishing: {
        hasRemote: (name) => hasRemote(repository, name),
        fastForward: (move) => fastForward(repository, move, marks),
        async push(what) {
          const access = await accessOf(request.integration?.credentials);
          await pushCommit(repository, what, { access, env: marks });
        },
      },
      commands: commandsOf({ request, env: tmuxEnvironment(env), marks, secrets, openLog }),
      processes: {
        async look() {
          const seen = await processes(uid, 0);
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
      },
      now: systemClock.now,
    };
  }

  const finisher = createFinisher({
    run: (request, round) => runRound(request, portsOf(request), round),
    onChange: (project) => {
      hint(keyOf('Project', project));
    },
    onError: (error) => {
      log.error('work could not be finished', { error: error instanceof Error ? error.stack : String(error) });
    },
  });
  return {
    ...finisher,
    forgotten(uid) {
      finisher.forget(uid);
      rmSync(join(directory, uid), { recursive: true, force: true });
    },
  };
}
