import { isDeepStrictEqual } from 'node:util';
import type { GitStep } from '../../api/git-verb.ts';
import type { WorkTreesRequest } from '../../api/work-trees-request.ts';
import type { DesiredRepository } from '../../api/workspace.ts';
import { createLimit } from '../probes/limit.ts';
import type { WorkTreePorts } from './ports.ts';
import { createSerial } from './serial.ts';
import type { Standing } from './standing.ts';

/** So many are cloned or fetched at the same time: a server that gives no answer keeps nobody waiting who asks another. */
const AT_ONCE = 16;

/** Whether work trees are to be made. */
export function isWanting({ workspace, trees, release }: WorkTreesRequest): boolean {
  return workspace !== undefined && trees.length > 0 && release === undefined;
}

/** Whether the clone that is made for the one request is what the other needs. */
export function needsSameClone(one: WorkTreesRequest, other: WorkTreesRequest): boolean {
  return isWanting(other) && isDeepStrictEqual(one.workspace?.repo, other.workspace?.repo);
}

/** Brings clones of ours up to date; those of one place one after the other, whatever projects share it. */
export function createClones({ hands, eyes }: Pick<WorkTreePorts, 'hands' | 'eyes'>) {
  const serially = createSerial();
  const limited = createLimit(AT_ONCE);

  /** The clone, as new as the attempt. What is at hand serves as long as it knows where the work began. */
  async function bringOne(
    standing: Standing,
    repo: Extract<DesiredRepository, { readonly type: 'Remote' }>,
    signal: AbortSignal,
  ): Promise<GitStep> {
    const { attempt, project } = standing.request;
    if (!(await eyes.exists(repo.path))) {
      const cloned = await hands.clone(repo, signal);
      if (cloned.ok) standing.fetchedFor = attempt;
      return cloned;
    }
    if (standing.fetchedFor === attempt) return { ok: true };
    const fetched = await hands.fetch(repo, signal);
    if (fetched.ok) standing.fetchedFor = attempt;
    const look = fetched.ok ? undefined : await eyes.repository({ path: repo.path, project, isClone: true });
    const isBegun = look?.state === 'Known' && look.value.base !== undefined;
    return isBegun ? { ok: true } : fetched;
  }

  return {
    /** For a project that wants work trees of a clone. Undefined: it was broken off. */
    async bring(standing: Standing, closing: AbortSignal): Promise<GitStep | undefined> {
      const { request } = standing;
      const repo = request.workspace?.repo;
      if (repo?.type !== 'Remote' || !isWanting(request)) return { ok: true };
      const reaching = new AbortController();
      const signal = AbortSignal.any([reaching.signal, closing]);
      standing.endReaching = () => reaching.abort();
      const ended = new Promise<undefined>((resolve) => {
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      // Who waits for another project's clone of the same waits no longer than that.
      return Promise.race([ended, serially(repo.path, () => limited(signal, () => bringOne(standing, repo, signal)))]);
    },
  };
}
