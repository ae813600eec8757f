/**
 * Has the work trees of projects made and released, beside the workers: git and set-up commands take their time, and no
 * project waits for another's. It is told what each project wants, works towards it until that is so, and says how far it
 * is. In one repository one walk goes on at a time, whatever projects share it. What fails is tried again, ever less often.
 */
import type { WorkTreeStatus } from '../../api/generated/all.ts';
import type { GitStep } from '../../api/git-verb.ts';
import { hashOf } from '../../api/metadata.ts';
import type { WantedTree, WorkTreesRequest } from '../../api/work-trees-request.ts';
import type { WorkspaceLook } from '../../api/workspace.ts';
import { createBackoff } from '../../queue/backoff.ts';
import { createLimit } from '../probes/limit.ts';
import { createClones, isWanting, needsSameClone } from './clones.ts';
import { furnishTree } from './furnish-tree.ts';
import type { MadeTree } from './make-tree.ts';
import { type MadeTrees, makeTrees } from './make-trees.ts';
import { isOwnClone } from './own-clone.ts';
import type { WorkTreePorts } from './ports.ts';
import { releaseTrees } from './release-trees.ts';
import { createSerial } from './serial.ts';
import { createStanding, type Standing } from './standing.ts';

export interface WorkTreeKeeperOptions extends WorkTreePorts {
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly random: () => number;
  /** Where the output of a set-up command goes. */
  readonly logOf: (uid: string, tree: string) => string;
  /** Something is so that was not. */
  readonly onChange: (project: string) => void;
  readonly onError: (error: unknown) => void;
  /** Asked before anything is changed: whether we still lead. */
  readonly mayAct: () => Promise<boolean>;
}

export interface WorkTreeKeeper {
  /** Works towards it from now on. */
  want(request: WorkTreesRequest): void;
  /** Undefined: nobody has asked for any of this project's. */
  look(uid: string): WorkspaceLook | undefined;
  /** A work tree that was there is not any more: it is seen to. */
  doubt(uid: string, agent: string): void;
  /** The object is gone. */
  forget(uid: string): void;
  /** Begins nothing more, and ends what a set-up command has begun. */
  close(): Promise<void>;
}

/** Repositories that are worked on, and work trees that are filled or set up, at the same time. */
const AT_ONCE = 4;
const RETRY = { baseMs: 1000, capMs: 300_000 } as const;

export function createWorkTreeKeeper(options: WorkTreeKeeperOptions): WorkTreeKeeper {
  const standings = new Map<string, Standing>();
  const serially = createSerial();
  const walks = createLimit(AT_ONCE);
  const clones = createClones(options);
  const furnishings = createLimit(AT_ONCE);
  const backoff = createBackoff<string>({ ...RETRY, random: options.random });
  const closing = new AbortController();

  /** One walk a project at a time; what is wanted meanwhile is seen to by the next. */
  function begin(standing: Standing): void {
    standing.isWanted = true;
    if (standing.walk !== undefined || closing.signal.aborted) return;
    standing.isWanted = false;
    standing.cancelRetry();
    standing.walk = walk(standing)
      .catch((error: unknown) => {
        standing.failed = true;
        standing.held = error instanceof Error ? error.message : String(error);
        options.onError(error);
      })
      .then(() => {
        standing.walk = undefined;
        if (standing.isWanted) begin(standing);
        else conclude(standing);
      });
  }

  /** Tries again what failed, once nothing is under way any more. */
  function conclude(standing: Standing): void {
    const { uid } = standing.request;
    options.onChange(standing.request.project);
    if (standing.walk !== undefined || standing.tasks.size > 0 || closing.signal.aborted) return;
    if (!standing.failed) {
      backoff.forget(uid);
      return;
    }
    standing.cancelRetry();
    standing.cancelRetry = options.after(backoff.next(uid), () => {
      if (standings.get(uid) === standing) begin(standing);
    });
  }

  async function walk(standing: Standing): Promise<void> {
    if (!(await options.mayAct())) return;
    const { request } = standing;
    standing.failed = false;
    endNeedless(standing, request);
    const brought = await clones.bring(standing, closing.signal);
    // What is wanted has changed meanwhile: the next walk sees to that.
    if (brought === undefined || standing.request !== request || !(await options.mayAct())) return;
    await walks(closing.signal, () => arrange(standing, request, brought));
  }

  async function arrange(standing: Standing, request: WorkTreesRequest, ready: GitStep): Promise<void> {
    const { workspace } = request;
    if (workspace !== undefined && isWanting(request)) {
      const { repo } = workspace;
      const made: MadeTrees = ready.ok
        ? await serially(await options.eyes.realPath(repo.path), () => makeTrees({ ...request, workspace }, options))
        : { trees: request.trees.map((wanted) => ({ type: 'Failed', wanted, failure: ready })) };
      if (made.base !== undefined) standing.base = made.base;
      for (const tree of made.trees) took(standing, request, tree, made.checkout);
    }
    await release(standing, request);
  }

  function took(standing: Standing, request: WorkTreesRequest, tree: MadeTree, checkout: string | undefined): void {
    const { wanted } = tree;
    const { base } = standing;
    const face = { path: wanted.path, ...(base !== undefined && { base }) };
    if (tree.type === 'Failed') {
      standing.failed = true;
      const { reason, message } = tree.failure;
      standing.say(wanted, { ...face, branch: wanted.branch, state: 'Failed', reason, message });
      return;
    }
    const named = { ...face, branch: tree.branch };
    if (tree.stage === 'Ready') standing.say(wanted, { ...named, state: 'Ready' });
    else if (!standing.tasks.has(wanted.path)) furnish(standing, { request, tree, checkout, named });
  }

  interface Furnish {
    readonly request: WorkTreesRequest;
    readonly tree: Extract<MadeTree, { readonly type: 'Made' }>;
    readonly checkout: string | undefined;
    readonly named: Omit<WorkTreeStatus, 'state'>;
  }

  function furnish(standing: Standing, { request, tree, checkout, named }: Furnish): void {
    const { wanted } = tree;
    const { uid, project, workspace } = request;
    if (workspace === undefined) return;
    const ending = new AbortController();
    const signal = AbortSignal.any([ending.signal, closing.signal]);
    const log = options.logOf(uid, wanted.name);
    const withLog = workspace.setUp === undefined ? {} : { log };
    standing.say(wanted, { ...named, state: 'Preparing' });
    const onSetUp = (): void => {
      standing.say(wanted, { ...named, ...withLog, state: 'SettingUp' });
      options.onChange(project);
    };
    const task = furnishings(signal, () =>
      furnishTree({ tree, project, uid, workspace, checkout, signal, onSetUp }, options),
    )
      .then((done) => {
        if (done === undefined || signal.aborted) {
          standing.say(wanted, { ...named, state: 'Pending' });
        } else if (done.ok) standing.say(wanted, { ...named, ...withLog, state: 'Ready' });
        else {
          standing.failed = true;
          const { reason, message } = done;
          standing.say(wanted, { ...named, ...withLog, state: 'Failed', reason, message });
        }
      })
      .catch((error: unknown) => {
        standing.failed = true;
        options.onError(error);
      })
      .then(() => {
        standing.tasks.delete(wanted.path);
        if (standing.isStale(wanted)) begin(standing);
        conclude(standing);
      });
    standing.tasks.set(wanted.path, { end: () => ending.abort(), over: task });
  }

  /** What is being set up for nobody is ended. */
  function endNeedless(standing: Standing, { trees }: WorkTreesRequest): void {
    const needed = new Set(trees.map(({ path }) => path));
    for (const [path, task] of standing.tasks) if (!needed.has(path)) task.end();
  }

  async function release(standing: Standing, request: WorkTreesRequest): Promise<void> {
    const staying = JSON.stringify([request.agents, request.places]);
    if (request.release === undefined && standing.staying === staying) return;
    // What is still being filled or set up is not taken away beneath it.
    const needed = new Set(request.trees.map(({ path }) => path));
    await Promise.all([...standing.tasks].flatMap(([path, { over }]) => (needed.has(path) ? [] : [over])));
    const held: string[] = [];
    for (const place of request.places) {
      const released = await serially(await options.eyes.realPath(place.repository), () =>
        releaseTrees(request, place, options),
      );
      standing.keep(released.kept);
      if (released.held !== undefined) held.push(released.held);
    }
    standing.held = held.length === 0 ? undefined : held.join('; ');
    if (held.length > 0) standing.failed = true;
    standing.released = request.release !== undefined && held.length === 0;
    standing.staying = held.length === 0 && request.release === undefined ? staying : undefined;
    if (standing.released && request.release === 'Removed') await dropClones(standing);
  }

  /** The last project of a clone of ours takes it along. One that comes to need it meanwhile has it cloned anew. */
  async function dropClones(standing: Standing): Promise<void> {
    const isNeeded = (path: string): boolean =>
      [...standings.values()].some(
        (other) =>
          other !== standing &&
          (other.request.workspace?.repo.path === path ||
            other.request.places.some(({ repository }) => repository === path)),
      );
    for (const { repository } of standing.request.places) {
      if (!isOwnClone(repository, options.state)) continue;
      await serially(repository, async () => {
        if (!isNeeded(repository) && (await options.eyes.exists(repository))) await options.hands.dropClone(repository);
      });
    }
  }

  return {
    want(request) {
      const asked = hashOf(request);
      const known = standings.get(request.uid);
      if (known?.asked === asked) return;
      const standing = known ?? createStanding(request);
      standings.set(request.uid, standing);
      if (!needsSameClone(standing.request, request)) standing.endReaching();
      standing.take(request, asked);
      backoff.forget(request.uid);
      begin(standing);
    },
    look: (uid) => standings.get(uid)?.look(),
    doubt(uid, agent) {
      const standing = standings.get(uid);
      if (standing === undefined) return;
      const wanted = standing.request.trees.find(({ agents }: WantedTree) => agents.includes(agent));
      if (wanted === undefined || standing.stateOf(wanted) !== 'Ready') return;
      standing.say(wanted, { path: wanted.path, branch: wanted.branch, state: 'Pending' });
      begin(standing);
    },
    forget(uid) {
      const standing = standings.get(uid);
      standings.delete(uid);
      standing?.endReaching();
      standing?.cancelRetry();
      for (const task of standing?.tasks.values() ?? []) task.end();
      backoff.forget(uid);
    },
    async close() {
      closing.abort();
      const open = [...standings.values()].flatMap((standing) => {
        standing.cancelRetry();
        const tasks = [...standing.tasks.values()].map(({ over }) => over);
        return standing.walk === undefined ? tasks : [standing.walk, ...tasks];
      });
      await Promise.all(open);
    },
  };
}
