import type { GitStep } from '../../../controller/api/git-verb.ts';
import { type ClaimMark, claimRef } from '../../../controller/api/project-claim.ts';
import { claimOf } from '../../../controller/reconcile/workspace/claim.ts';
import {
  keptRef,
  leavingBranches,
  leavingTrees,
  planLeaving,
} from '../../../controller/reconcile/workspace/plan-release.ts';
import { planTree } from '../../../controller/reconcile/workspace/plan-tree.ts';
import type { SetUpRequest, WorkTreePorts } from '../../../controller/runtime/workspaces/ports.ts';
import { type FakeRepository, isIgnored, Refusal } from './fake-repository.ts';

export interface FakeHooks {
  /** Done in place of a clone or a fetch. */
  readonly reach: (path: string, signal: AbortSignal) => Promise<GitStep>;
  readonly setUp: (request: SetUpRequest) => Promise<GitStep>;
}

/** The pure mind, and eyes and hands that see and change a repository in memory. */
export function fakePorts(repository: FakeRepository, { reach, setUp }: FakeHooks): WorkTreePorts {
  const { refs, folders, theAdmin } = repository;
  let at = Date.UTC(2026, 0, 2);

  function step(change: () => void): Promise<GitStep> {
    try {
      change();
      return Promise.resolve({ ok: true });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return Promise.resolve({ ok: false, reason: 'WorkTreeFailed', message: error.message });
    }
  }

  /** Objects that say whose a project's branches are. */
  const claims = new Map<string, ClaimMark>();
  const below = (prefix: string, cut: number): ReadonlyMap<string, string> =>
    new Map([...refs].flatMap(([ref, id]) => (ref.startsWith(prefix) ? [[ref.slice(cut), id] as const] : [])));

  function seenClaim(project: string) {
    const object = refs.get(claimRef(project));
    const mark = object === undefined ? undefined : claims.get(object);
    return object === undefined ? {} : { claim: { object, ...(mark !== undefined && { mark }) } };
  }

  function filesToKeep(adminDir: string): Map<string, string> {
    const files = folders.get(theAdmin(adminDir).path)?.files ?? new Map<string, string>();
    return new Map([...files].filter(([name]) => !isIgnored(files, name)));
  }

  return {
    eyes: {
      repository({ path, project, isClone }) {
        if (path !== repository.path) {
          return Promise.resolve({ state: 'Unknown', at, reason: 'RepositoryUnreachable', message: `${path}: none` });
        }
        const base = refs.get(`refs/muxlet/base/${project}`);
        const value = {
          commonDir: `${path}/.git`,
          ...(!isClone && { checkout: path }),
          entries: repository.entries(),
          branches: below(`refs/heads/muxlet/${project}/`, 'refs/heads/'.length),
          kept: below(`refs/muxlet/kept/${project}/`, 0),
          ...(base !== undefined && { base }),
          ...seenClaim(project),
        };
        return Promise.resolve({ state: 'Known', at, value });
      },
      exists: (path) =>
        Promise.resolve(path === repository.path || [...folders.keys()].some((one) => one.startsWith(path))),
      folder(path) {
        const folder = folders.get(path);
        if (folder === undefined) return Promise.resolve({ type: 'Nothing' });
        const { git, files } = folder;
        if (git === undefined) return Promise.resolve({ type: files.size === 0 ? 'Empty' : 'Plain' });
        return Promise.resolve({ type: 'WorkTree', adminDir: git, exists: true });
      },
      realPath: (path) => Promise.resolve(path),
      work(tree) {
        const value = repository.work(theAdmin(folders.get(tree)?.git ?? ''));
        return Promise.resolve({ state: 'Known', at, value });
      },
      commit: () => Promise.resolve(refs.get('refs/heads/main')),
      isMerged: (_repository, id) =>
        Promise.resolve(
          repository
            .branches()
            .some(([ref, tip]) => !ref.startsWith('refs/heads/muxlet/') && repository.hasIt(tip, id)),
        ),
      occupants: () => [],
      isGitLeft: () => false,
    },
    mind: { claimOf, planTree, leavingTrees, planLeaving, leavingBranches, keptRef },
    hands: {
      clone: ({ path }, signal) => reach(path, signal),
      fetch: ({ path }, signal) => reach(path, signal),
      claim: (_path, { project, mark, from }) =>
        step(() => {
          if (refs.get(claimRef(project)) !== from) throw new Refusal('somebody else was quicker');
          const object = `claim-${claims.size}`;
          claims.set(object, mark);
          refs.set(claimRef(project), object);
        }),
      takeBase: (_path, project, id) => step(() => repository.createRef(`refs/muxlet/base/${project}`, id)),
      createRef: (_path, ref, id) => step(() => repository.createRef(ref, id)),
      deleteRef: (_path, ref, id) =>
        step(() => {
          if (refs.get(ref) !== id) throw new Refusal(`${ref} was moved`);
          refs.delete(ref);
        }),
      add: (_path, { path, branch, mark }) => step(() => repository.add(path, branch, mark)),
      mark: (adminDir, mark) => step(() => void (theAdmin(adminDir).mark = mark)),
      repairLink: (path, adminDir) =>
        step(() => {
          const folder = folders.get(path) ?? { files: new Map<string, string>(), git: undefined };
          folder.git = adminDir;
          folders.set(path, folder);
        }),
      restoreFiles: (path, adminDir) =>
        step(() => {
          const admin = theAdmin(adminDir);
          if (admin.index === undefined) return repository.reset(admin);
          const files = folders.get(path)?.files;
          for (const [name, text] of admin.index) if (files?.has(name) === false) files.set(name, text);
        }),
      fill: (_path, adminDir) => step(() => repository.reset(theAdmin(adminDir))),
      provide: () => Promise.resolve({ ok: true }),
      setUp,
      save({ adminDir, ref }) {
        const id = repository.commit(filesToKeep(adminDir), repository.headOf(theAdmin(adminDir)));
        repository.createRef(ref, id);
        return Promise.resolve({ type: 'Saved', commit: id });
      },
      dropClone: () => Promise.resolve(true),
      saveStaged: () => Promise.resolve({ type: 'Nothing' }),
      clean: (tree, adminDir) =>
        step(() => {
          const kept = filesToKeep(adminDir);
          repository.reset(theAdmin(adminDir));
          const { index } = theAdmin(adminDir);
          for (const name of kept.keys()) if (index?.has(name) !== true) folders.get(tree)?.files.delete(name);
        }),
      unlock: (_path, tree) => step(() => void ((repository.adminAt(tree)?.[1] ?? theAdmin('')).locked = undefined)),
      remove: (_path, { path, isLocked }) =>
        step(() => {
          const admin = repository.adminAt(path)?.[1];
          if (isLocked && admin !== undefined) admin.locked = undefined;
          repository.remove(path);
        }),
    },
    home: 'home',
    state: '/state',
    now: () => (at += 1000),
    pause: () => Promise.resolve(),
  };
}
