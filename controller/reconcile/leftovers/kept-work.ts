import type { World, WorldRepository } from '../../api/world.ts';
import { knownProjects } from './audit-repositories.ts';

/** Work that was kept when a work tree went, and still is there. */
export interface KeptThing {
  readonly project: string;
  /** The agent's name. */
  readonly tree: string;
  readonly repository: string;
  readonly where:
    | { readonly type: 'Ref' | 'Branch'; readonly name: string }
    | { readonly type: 'WorkTree'; readonly path: string };
}

/** What was kept in all repositories that anybody here knows of, whether its project is there or not. Pure. */
export function keptWork(world: World): readonly KeptThing[] {
  return (world.repositories ?? []).flatMap((repository) => keptIn(repository, world));
}

function keptIn({ path: repository, look }: WorldRepository, world: World): KeptThing[] {
  if (look.state === 'Unknown') return [];
  const { trees, refs, claims } = look.value;
  const { realPaths } = world;
  const used = world.objects.flatMap(({ status }) => status.agents.flatMap(({ workTree }) => workTree?.path ?? []));
  const inUse = new Set(used.map((path) => realPaths?.get(path) ?? path));
  const left = trees.filter(
    (tree) => tree.ownership === 'Ours' && !tree.isHeld && tree.isThere && !inUse.has(tree.path),
  );
  const checkedOut = new Set(trees.flatMap(({ branch }) => branch ?? []));
  const known = knownProjects(world);
  return [
    ...left.map(
      ({ project, tree, path }): KeptThing => ({ project, tree, repository, where: { type: 'WorkTree', path } }),
    ),
    ...[...refs.keys()].flatMap((name): KeptThing[] => {
      const [, keptOf, keptTree] = /^refs\/muxlet\/kept\/([^/]+)\/([^/]+)\//.exec(name) ?? [];
      if (keptOf !== undefined && keptTree !== undefined) {
        return [{ project: keptOf, tree: keptTree, repository, where: { type: 'Ref', name } }];
      }
      const [, branch = '', project = '', tree = ''] = /^refs\/heads\/(muxlet\/([^/]+)\/(.+))$/.exec(name) ?? [];
      if (branch === '' || known.has(project) || claims.has(project) || checkedOut.has(branch)) return [];
      return [{ project, tree, repository, where: { type: 'Branch', name: branch } }];
    }),
  ];
}
