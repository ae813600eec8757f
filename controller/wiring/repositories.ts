import type { StoredObject } from '../api/metadata.ts';
import { readResultReason } from '../api/work-tree-mark.ts';
import type { Ownership, WorldRepository, WorldTree } from '../api/world.ts';
import { realPath } from '../observe/git/real-path.ts';
import { type RepositorySurvey, surveyRepository } from '../observe/git/survey-repository.ts';

export interface RepositorySources {
  /** This controller, in marks. */
  readonly home: string;
  /** All that may hold something of a project's, as they are on record. */
  readonly paths: readonly string[];
  readonly objects: readonly StoredObject[];
  readonly now: () => number;
}

export interface SeenRepositories {
  readonly repositories: readonly WorldRepository[];
  readonly realPaths: ReadonlyMap<string, string>;
}

/** Looks at repositories one after the other: at most a few looks of git each. Changes nothing. */
export async function lookAtRepositories({ home, paths, objects, now }: RepositorySources): Promise<SeenRepositories> {
  const repositories: WorldRepository[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const real = await realPath(path);
    if (seen.has(real)) continue;
    seen.add(real);
    const look = await surveyRepository(path, now());
    repositories.push({ path, look: look.state === 'Unknown' ? look : { ...look, value: told(look.value, home) } });
  }
  const named = objects.flatMap(({ status }) => status.agents.flatMap(({ workTree }) => workTree?.path ?? []));
  const pairs = await Promise.all(named.map(async (path) => [path, await realPath(path)] as const));
  return { repositories, realPaths: new Map(pairs) };
}

function told({ trees, refs, claims }: RepositorySurvey, home: string) {
  const whose = (of: string): Ownership => (of === home ? 'Ours' : 'Others');
  return {
    refs,
    claims: new Map([...claims].map(([project, of]) => [project, whose(of)])),
    trees: trees.flatMap(({ path, isThere, branch, underWay, mark, lockMark, locked = '' }): WorldTree[] => {
      const result = readResultReason(locked);
      const known = mark ?? lockMark ?? (result === undefined ? undefined : { ...result, tree: 'result' });
      if (known === undefined) return [];
      const isHeld = lockMark !== undefined || result !== undefined;
      const { project, tree } = known;
      const where = { ...(branch !== undefined && { branch }), ...(underWay !== undefined && { underWay }) };
      return [{ path, isThere, project, tree, ownership: whose(known.home), isHeld, ...where }];
    }),
  };
}
