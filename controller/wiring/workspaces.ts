/** What has work trees made and released: eyes, mind and hands for the keeper. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { addWorkTree } from '../act/git/add-work-tree.ts';
import { claimProject } from '../act/git/claim-project.ts';
import { clone, fetchClone } from '../act/git/clone.ts';
import type { GitAccess } from '../act/git/credentials.ts';
import { dropClone } from '../act/git/drop-clone.ts';
import { fillWorkTree, repairLink, restoreFiles } from '../act/git/fill-work-tree.ts';
import { markWorkTree } from '../act/git/mark-work-tree.ts';
import { provideFiles } from '../act/git/provide-files.ts';
import { deleteRef, removeWorkTree, unlockWorkTree } from '../act/git/remove-work-tree.ts';
import { saveStaged } from '../act/git/save-staged.ts';
import { cleanWorkTree, isStillSaved, saveWork } from '../act/git/save-work.ts';
import { SET_UP_MARK, setUp } from '../act/git/set-up.ts';
import { createRef, takeBase } from '../act/git/take-base.ts';
import { MuxletError } from '../api/errors.ts';
import type { GitStep } from '../api/git-verb.ts';
import type { DesiredRepository } from '../api/workspace.ts';
import type { systemClock } from '../exec/clock.ts';
import { lookAtFolder } from '../observe/git/look-at-folder.ts';
import { lookAtRepository } from '../observe/git/look-at-repository.ts';
import { isReachable, lookAtWork } from '../observe/git/look-at-work.ts';
import { exists } from '../observe/git/or-nothing.ts';
import { occupantsOf, processesWith } from '../observe/git/processes.ts';
import { realPath } from '../observe/git/real-path.ts';
import { resolveCommit } from '../observe/git/resolve-commit.ts';
import type { Secrets } from '../observe/secrets.ts';
import { claimOf } from '../reconcile/workspace/claim.ts';
import { keptRef, leavingBranches, leavingTrees, planLeaving } from '../reconcile/workspace/plan-release.ts';
import { planTree } from '../reconcile/workspace/plan-tree.ts';
import { createWorkTreeKeeper, type WorkTreeKeeper } from '../runtime/workspaces/keeper.ts';
import type { SetUpRequest, WorkTreeHands } from '../runtime/workspaces/ports.ts';
import { createCommandLogs } from '../store/command-logs/command-logs.ts';
import { noteRepository } from '../store/state/known-repositories.ts';
import { tmuxEnvironment } from '../tmux/environment.ts';
import { createGitAccess } from './git-access.ts';
import { homeMark } from './world.ts';

export interface WorkspacesOptions {
  /** The state directory, absolute. */
  readonly state: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: Secrets;
  readonly clock: typeof systemClock;
  readonly mayAct: () => Promise<boolean>;
  readonly onChange: (project: string) => void;
  readonly onError: (error: unknown) => void;
}

export function createWorkspaces(options: WorkspacesOptions): WorkTreeKeeper {
  const { state, clock, onChange, onError, mayAct } = options;
  const { now } = clock;
  const logs = (uid: string): string => join(state, 'workspaces', uid);
  const keeper = createWorkTreeKeeper({
    eyes: {
      repository: (request) => lookAtRepository({ ...request, now: now() }),
      exists,
      folder: lookAtFolder,
      realPath,
      work: (tree) => lookAtWork(tree, now()),
      commit: (repository, ref, isClone) => resolveCommit(repository, ref, { isClone }),
      isMerged: (repository, commit) => isReachable(repository, commit, 'refs/heads/muxlet/'),
      occupants: occupantsOf,
      isGitLeft: (path) => processesWith(`MUXLET_GIT_IN=${path}`).length > 0,
    },
    mind: { claimOf, planTree, leavingTrees, planLeaving, leavingBranches, keptRef },
    hands: createHands(options),
    home: homeMark(state),
    state,
    now,
    pause: (ms) => setTimeout(ms),
    after: clock.after,
    random: Math.random,
    logOf: (uid, tree) => join(logs(uid), `${setUpLog(tree)}.log`),
    mayAct,
    onChange,
    onError,
  });
  return {
    ...keeper,
    forget(uid) {
      keeper.forget(uid);
      // What a command printed is no history that is to outlive the object.
      rmSync(logs(uid), { recursive: true, force: true });
    },
  };
}

/** The name of its log. */
function setUpLog(tree: string): string {
  return `${tree}.set-up`;
}

function createHands({ state, env, secrets, onError }: WorkspacesOptions): WorkTreeHands {
  // One for each work tree: none is too many.
  const openLog = createCommandLogs(
    join(state, 'workspaces'),
    (path, code) => onError(new Error(`${path} cannot be written (${code})`)),
    Number.POSITIVE_INFINITY,
  );
  type Remote = Extract<DesiredRepository, { readonly type: 'Remote' }>;
  const accessOf = createGitAccess(secrets);

  async function reaching(repository: Remote, step: (access: GitAccess) => Promise<GitStep>) {
    try {
      return await step(await accessOf(repository.url, repository.credentials));
    } catch (error) {
      if (!(error instanceof MuxletError)) throw error;
      return { ok: false as const, reason: 'RepositoryUnreachable' as const, message: error.message };
    }
  }

  async function prepare({ uid, tree, path, env: own, ...request }: SetUpRequest): Promise<GitStep> {
    const mark = `${uid}/${tree}`;
    try {
      const variables = await secrets.resolve(own);
      return await setUp({
        ...request,
        path,
        env: { ...known(tmuxEnvironment(env)), ...variables, MUXLET_WORK_TREE: path, [SET_UP_MARK]: mark },
        output: openLog(uid, setUpLog(tree), (lines) => secrets.redact(own, lines)),
        leftBehind: () => processesWith(`${SET_UP_MARK}=${mark}`),
      });
    } catch (error) {
      if (!(error instanceof MuxletError)) throw error;
      return { ok: false, reason: 'SetUpFailed', message: error.message };
    }
  }

  return {
    clone: (repository, signal) => reaching(repository, (access) => clone({ ...repository, access, signal })),
    fetch: (repository, signal) => reaching(repository, (access) => fetchClone({ ...repository, access, signal })),
    claim(repository, request) {
      noteRepository(state, repository);
      return claimProject(repository, request);
    },
    dropClone,
    takeBase,
    createRef,
    deleteRef,
    add: addWorkTree,
    mark: markWorkTree,
    repairLink,
    restoreFiles,
    fill: fillWorkTree,
    provide: provideFiles,
    setUp: prepare,
    save: saveWork,
    saveStaged,
    async clean(tree, adminDir, saved) {
      if (saved === undefined || (await isStillSaved({ tree, adminDir }, saved))) return cleanWorkTree(tree, adminDir);
      return { ok: false, reason: 'WorkTreeFailed', message: 'somebody has changed something since it was saved' };
    },
    unlock: unlockWorkTree,
    remove: removeWorkTree,
  };
}

function known(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
