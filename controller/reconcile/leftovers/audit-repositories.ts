import type { StoredObject } from '../../api/metadata.ts';
import { quoteArgv } from '../../api/quote-argv.ts';
import type { Mismatch, World, WorldRepository, WorldTree } from '../../api/world.ts';

/** Where records and repositories disagree: work trees, their branches, and what is written down in references. Pure. */
export function repositoryMismatches(world: World): Mismatch[] {
  const { repositories = [], objects } = world;
  const unseen = repositories.flatMap(({ look }): Mismatch[] =>
    look.state === 'Unknown' ? [{ type: 'NotLooked', object: '-', message: look.message }] : [],
  );
  // What cannot be looked at may hold what is missing, and a spec that cannot be read what is nobody's.
  const missing = unseen.length > 0 ? [] : objects.flatMap((object) => treeMismatches(object, world));
  const orphans = world.specsUnsure ? [] : repositories.flatMap((one) => orphansIn(one, world));
  return [...unseen, ...missing, ...orphans];
}

function treeMismatches({ metadata, status }: StoredObject, world: World): Mismatch[] {
  const { repositories = [], realPaths } = world;
  // What was released stays on record as it was.
  if (
    world.repositories === undefined ||
    metadata.deletionTimestamp !== undefined ||
    status.run?.expiredAt !== undefined
  )
    return [];
  const trees = new Map(repositories.flatMap(treesIn).map((tree) => [tree.path, tree]));
  return status.agents.flatMap(({ name, workTree }): Mismatch[] => {
    if (workTree?.state !== 'Ready') return [];
    const { path, branch } = workTree;
    const object = `agent/${metadata.name}.${name}`;
    const tree = trees.get(realPaths?.get(path) ?? path);
    if (tree === undefined || !tree.isThere) {
      const message = tree === undefined ? 'no repository knows of it' : 'its folder is gone';
      return [{ type: 'MissingWorkTree', object, message: `work tree ${path} is on record, and ${message}` }];
    }
    // Git puts it back once the rebase has ended.
    if (branch === undefined || (tree.branch ?? tree.underWay) === branch) return [];
    const now = tree.branch === undefined ? 'no branch is checked out there' : `${tree.branch} is checked out there`;
    return [{ type: 'BranchMoved', object, message: `${branch} is on record for work tree ${path}, and ${now}` }];
  });
}

function treesIn({ look }: WorldRepository): readonly WorldTree[] {
  return look.state === 'Known' ? look.value.trees : [];
}

function orphansIn({ path, look }: WorldRepository, world: World): Mismatch[] {
  if (look.state === 'Unknown') return [];
  const known = knownProjects(world);
  const { trees, refs, claims } = look.value;
  const lost = trees.filter(({ project, ownership, isHeld }) => isHeld && ownership === 'Ours' && !known.has(project));
  const orphanTrees = lost.map(
    (tree): Mismatch => ({
      type: 'OrphanWorkTree',
      object: `project/${tree.project}`,
      message: `work tree ${tree.path} bears this controller's mark, and the project is on no record`,
    }),
  );
  // What somebody's branches began from is of use as long as there are any.
  const inUse = new Set([...refs.keys()].flatMap((ref) => /^refs\/heads\/muxlet\/([^/]+)\//.exec(ref)?.[1] ?? []));
  const orphanRefs = [...refs.keys()].flatMap((ref): Mismatch[] => {
    const [, kind, project = ''] = /^refs\/muxlet\/(base|owner|published)\/([^/]+)/.exec(ref) ?? [];
    if (kind === undefined || known.has(project) || claims.get(project) === 'Others') return [];
    if (kind !== 'owner' && inUse.has(project)) return [];
    const letGo = quoteArgv(['git', '-C', path, 'update-ref', '-d', ref]);
    const message = `${ref} in ${path} is of a project on no record; ${letGo}`;
    return [{ type: 'OrphanRef', object: `project/${project}`, message }];
  });
  return [...orphanTrees, ...orphanRefs];
}

/** Projects that may yet need what is theirs. */
export function knownProjects({ wanted, objects, inventory }: World): ReadonlySet<string> {
  return new Set([...wanted.keys(), ...inventory.keys(), ...objects.map(({ metadata }) => metadata.name)]);
}
