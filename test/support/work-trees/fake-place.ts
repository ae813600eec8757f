import type { GitStep } from '../../../controller/api/git-verb.ts';
import { createWorkTreeKeeper, type WorkTreeKeeper } from '../../../controller/runtime/workspaces/keeper.ts';
import { asking } from './asking.ts';
import { type FakeHooks, fakePorts } from './fake-ports.ts';
import { createFakeRepository, type FakeRepository } from './fake-repository.ts';
import type { SuitePlace } from './suite.ts';

export interface FakePlace extends SuitePlace {
  readonly repository: FakeRepository;
  /** Replaced by tests that want something else of the world. */
  readonly hooks: { -readonly [Hook in keyof FakeHooks]: FakeHooks[Hook] } & { mayAct: boolean };
}

const PATH = '/src/app';
const DONE: GitStep = { ok: true };
/** Pauses pass so much faster. */
const FASTER = 200;

export function makeFakePlace(): FakePlace {
  const repository = createFakeRepository(PATH);
  const hooks: FakePlace['hooks'] = {
    reach: () => Promise.resolve(DONE),
    setUp: () => Promise.resolve(DONE),
    mayAct: true,
  };
  const ports = fakePorts(repository, {
    reach: (path, signal) => hooks.reach(path, signal),
    setUp: (request) => hooks.setUp(request),
  });

  function controller(): WorkTreeKeeper {
    return createWorkTreeKeeper({
      ...ports,
      after(ms, callback) {
        const timer = setTimeout(callback, ms / FASTER);
        return () => clearTimeout(timer);
      },
      random: () => 0.5,
      logOf: (uid, tree) => `/logs/${uid}/${tree}`,
      onChange: () => undefined,
      onError: (error) => {
        throw error;
      },
      mayAct: () => Promise.resolve(hooks.mayAct),
    });
  }

  const asked = asking(PATH, controller);
  const { refs, folders, admins } = repository;
  const filesIn = (agent: string): Map<string, string> => folders.get(asked.tree(agent))?.files ?? new Map();
  const adminOf = (agent: string) => repository.adminAt(asked.tree(agent))?.[1] ?? repository.theAdmin(agent);
  let landed = 0;
  return {
    ...asked,
    repository,
    hooks,
    person: {
      write(agent, file, text) {
        if (text === null) filesIn(agent).delete(file);
        else filesIn(agent).set(file, text);
      },
      files: (agent) => (folders.has(asked.tree(agent)) ? Object.fromEntries(filesIn(agent)) : undefined),
      commit(agent) {
        const admin = adminOf(agent);
        const id = repository.commit(filesIn(agent), repository.headOf(admin));
        admin.index = new Map(filesIn(agent));
        refs.set(`refs/heads/${admin.branch}`, id);
        return id;
      },
      branchOf: (agent) => adminOf(agent).branch ?? '',
      refs: (prefix) => new Map([...refs].filter(([ref]) => ref.startsWith(prefix))),
      fileAt: (commit, file) => repository.filesOf(commit).get(file),
      checkOut(branch) {
        repository.createRef(`refs/heads/${branch}`, refs.get('refs/heads/main') ?? '');
        const head = refs.get('refs/heads/main') ?? '';
        const index = new Map(repository.filesOf(head));
        admins.set('/elsewhere', { path: '/elsewhere', branch, head, locked: undefined, mark: undefined, index });
      },
      land(commit) {
        landed += 1;
        refs.set(`refs/heads/landed-${landed}`, commit);
      },
      removeFolder: (agent) => void folders.delete(asked.tree(agent)),
      removeLink(agent) {
        const folder = folders.get(asked.tree(agent));
        if (folder !== undefined) folder.git = undefined;
      },
      putFolder: (agent) =>
        void folders.set(asked.tree(agent), { files: new Map([['theirs', 'theirs']]), git: undefined }),
      trees: () => admins.size,
    },
  };
}
