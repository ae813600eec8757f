/** A repository in memory with its work trees, as far as whoever keeps work trees sees of it and does to it. */
import type { TreeEntry, WorkLook } from '../../../controller/api/repository-look.ts';
import {
  type LockMark,
  lockReason,
  readLockReason,
  type WorkTreeMark,
} from '../../../controller/api/work-tree-mark.ts';

export type Files = ReadonlyMap<string, string>;

interface Commit {
  readonly parent: string | undefined;
  readonly files: Files;
}

/** A folder with files, and where its `.git` leads, if it has one. */
export interface Folder {
  readonly files: Map<string, string>;
  git: string | undefined;
}

/** What git keeps of a work tree. */
export interface Admin {
  readonly path: string;
  branch: string | undefined;
  head: string;
  locked: string | undefined;
  mark: WorkTreeMark | undefined;
  /** Absent: nothing was ever checked out. */
  index: Map<string, string> | undefined;
}

export class Refusal extends Error {}

export function createFakeRepository(path: string) {
  const commits = new Map<string, Commit>();
  const refs = new Map<string, string>();
  const folders = new Map<string, Folder>();
  const admins = new Map<string, Admin>();

  function commit(files: Files, parent?: string): string {
    const id = `c${commits.size + 1}`.padEnd(40, '0');
    commits.set(id, { parent, files: new Map(files) });
    return id;
  }

  const filesOf = (id: string): Files => commits.get(id)?.files ?? new Map();

  function hasIt(tip: string, id: string): boolean {
    for (let at: string | undefined = tip; at !== undefined; at = commits.get(at)?.parent) if (at === id) return true;
    return false;
  }

  function adminAt(place: string): [string, Admin] | undefined {
    return [...admins].find(([, admin]) => admin.path === place);
  }

  function theAdmin(adminDir: string): Admin {
    const found = admins.get(adminDir);
    if (found === undefined) throw new Refusal(`there is no ${adminDir}`);
    return found;
  }

  function headOf({ branch, head }: Admin): string {
    return (branch === undefined ? undefined : refs.get(`refs/heads/${branch}`)) ?? head;
  }

  function createRef(ref: string, id: string): void {
    if (refs.has(ref)) throw new Refusal(`${ref} exists already`);
    refs.set(ref, id);
  }

  /** What git would say of the folder of a work tree. */
  function work(admin: Admin): WorkLook {
    const { files } = folders.get(admin.path) ?? { files: new Map<string, string>() };
    const index = admin.index ?? new Map<string, string>();
    const head = headOf(admin);
    const base = filesOf(head);
    const names = new Set([...base.keys(), ...index.keys()]);
    const differs = (name: string): boolean =>
      base.get(name) !== index.get(name) || index.get(name) !== files.get(name);
    const untracked = [...files.keys()].filter((name) => !index.has(name) && !isIgnored(files, name));
    const isHeadSafe = admin.branch !== undefined || [...branches()].some(([, tip]) => hasIt(tip, head));
    return {
      head,
      ...(admin.branch !== undefined && { branch: admin.branch }),
      changed: [...names].filter(differs).length,
      untracked: untracked.length,
      isHeadSafe,
    };
  }

  function branches(): readonly (readonly [string, string])[] {
    return [...refs].filter(([ref]) => ref.startsWith('refs/heads/'));
  }

  commits.set('c0'.padEnd(40, '0'), {
    parent: undefined,
    files: new Map([
      ['.gitignore', 'cache'],
      ['a', 'one'],
    ]),
  });
  refs.set('refs/heads/main', 'c0'.padEnd(40, '0'));

  return {
    path,
    refs,
    folders,
    admins,
    commit,
    createRef,
    filesOf,
    headOf,
    work,
    theAdmin,
    hasIt,
    branches,
    entries(): readonly TreeEntry[] {
      const own: TreeEntry = { path, branch: 'main', head: refs.get('refs/heads/main') ?? '' };
      const others = [...admins].map(([adminDir, admin]): TreeEntry => {
        const { branch, locked, mark, index } = admin;
        const lockMark = locked === undefined ? undefined : readLockReason(locked);
        return {
          path: admin.path,
          adminDir,
          head: headOf(admin),
          ...(branch !== undefined && { branch }),
          ...(locked !== undefined && { locked }),
          ...(mark !== undefined && { mark }),
          ...(lockMark !== undefined && { lockMark }),
          ...(index !== undefined && { hasIndex: true as const }),
        };
      });
      return [own, ...others];
    },
    add(place: string, branch: string, mark: LockMark): void {
      const tip = refs.get(`refs/heads/${branch}`);
      if (tip === undefined) throw new Refusal(`no branch ${branch}`);
      if ([...admins.values()].some((admin) => admin.branch === branch)) throw new Refusal(`${branch} is checked out`);
      if ((folders.get(place)?.files.size ?? 0) > 0) throw new Refusal(`${place} already exists`);
      const adminDir = `${path}/.git/worktrees/${place.slice(place.lastIndexOf('/') + 1)}`;
      admins.set(adminDir, {
        path: place,
        branch,
        head: tip,
        locked: lockReason(mark),
        mark: undefined,
        index: undefined,
      });
      folders.set(place, { files: new Map(), git: adminDir });
    },
    /** `reset --hard`, bound to the work tree. */
    reset(admin: Admin): void {
      const { files } = folders.get(admin.path) ?? { files: new Map<string, string>() };
      for (const name of admin.index?.keys() ?? []) files.delete(name);
      admin.index = new Map(filesOf(headOf(admin)));
      for (const [name, text] of admin.index) files.set(name, text);
    },
    remove(place: string): void {
      const found = adminAt(place);
      if (found === undefined) throw new Refusal(`${place} is not a working tree`);
      const [adminDir, admin] = found;
      if (admin.locked !== undefined) throw new Refusal(`${place} is locked`);
      const folder = folders.get(place);
      if (folder !== undefined) {
        if (folder.git !== adminDir) throw new Refusal(`${place} does not point back`);
        const { changed, untracked } = work(admin);
        if (changed + untracked > 0) throw new Refusal(`${place} contains modified or untracked files`);
      }
      folders.delete(place);
      admins.delete(adminDir);
    },
    adminAt,
  };
}

export type FakeRepository = ReturnType<typeof createFakeRepository>;

/** One name a line, of folders. */
export function isIgnored(files: Files, name: string): boolean {
  return (files.get('.gitignore') ?? '').split('\n').includes(name.split('/')[0] ?? '');
}
