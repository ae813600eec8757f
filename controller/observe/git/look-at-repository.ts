import { join } from 'node:path';
import type { Look } from '../../api/look.ts';
import { claimRef, decodeClaim } from '../../api/project-claim.ts';
import type { RepositoryLook, SeenClaim, TreeEntry } from '../../api/repository-look.ts';
import { toldAddress } from '../../api/told-address.ts';
import { askGit } from '../../exec/ask-git.ts';
import { runGit } from '../../exec/git.ts';
import type { CommandResult } from '../../exec/run-command.ts';
import { listWorkTrees } from './list-work-trees.ts';
import { isKnownGone } from './or-nothing.ts';
import { realPath } from './real-path.ts';
import { treeEntries } from './tree-entries.ts';

const TIMEOUT_MS = 30_000;

export interface RepositoryRequest {
  readonly path: string;
  readonly project: string;
  /** A clone that is ours alone: its own checkout is nobody's, and holds no files to provide. */
  readonly isClone: boolean;
  readonly now: number;
}

/** Looks at a repository, its work trees and what a project has in it. Takes no lock. */
export async function lookAtRepository(request: RepositoryRequest): Promise<Look<RepositoryLook>> {
  const { path, project, isClone, now } = request;
  const unknown = (message: string): Look<RepositoryLook> => ({
    state: 'Unknown',
    at: now,
    reason: 'RepositoryUnreachable',
    message,
  });
  const base = `refs/muxlet/base/${project}`;
  const heads = `refs/heads/muxlet/${project}/`;
  const kept = `refs/muxlet/kept/${project}/`;
  const published = `refs/muxlet/published/${project}/`;
  const looks = [
    ['rev-parse', '--path-format=absolute', '--is-bare-repository', '--git-common-dir'],
    ['for-each-ref', '--format=%(refname) %(objectname)', base, heads, kept, published, claimRef(project)],
    ['rev-parse', '--path-format=absolute', '--show-toplevel'],
  ].map((args) => runGit(path, args, { timeoutMs: TIMEOUT_MS }));
  const [where, refs, top] = await Promise.all(looks);
  if (where?.ok !== true) return unknown(`${path}: ${failureOf(where)}`);
  if (refs?.ok !== true) return unknown(`${path}: ${failureOf(refs)}`);
  const [isBare = '', common = ''] = where.stdout.split('\n');
  const commonDir = await realPath(common);
  // Of a clone that is broken git tells the repository around it: that of somebody's home, say.
  if (isClone && commonDir !== (await realPath(join(path, '.git'))))
    return unknown(`${path} is not whole: move it away, and it is cloned anew`);
  const all = new Map(refs.stdout.split('\n').flatMap((line) => pairOf(line)));
  let entries: readonly TreeEntry[];
  let claim: SeenClaim | undefined;
  try {
    entries = await treeEntries(await listWorkTrees(path), commonDir);
    claim = await seeClaim(path, all.get(claimRef(project)));
  } catch (error) {
    return unknown(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const commit = all.get(base);
  const checkout = isBare === 'true' || isClone || top?.ok !== true ? undefined : top.stdout;
  return {
    state: 'Known',
    at: now,
    value: {
      commonDir,
      ...(checkout !== undefined && { checkout }),
      entries,
      branches: below(all, heads, 'refs/heads/'.length),
      kept: below(all, kept, 0),
      published: below(all, published, 0),
      ...(commit !== undefined && { base: commit }),
      ...(claim !== undefined && { claim }),
    },
  };
}

/** @throws MuxletError MUX_COMMAND_FAILED */
async function seeClaim(repository: string, object: string | undefined): Promise<SeenClaim | undefined> {
  if (object === undefined) return undefined;
  const text = await askGit(repository, ['cat-file', '-p', object], { timeoutMs: TIMEOUT_MS });
  const mark = decodeClaim(text);
  if (mark === undefined) return { object };
  return { object, mark, ...((await isKnownGone(mark.state)) && { isAbandoned: true as const }) };
}

/** What a person is told of a git that failed: its own words, or that it did not come to an end. */
export function failureOf(result: CommandResult | undefined): string {
  if (result === undefined) return 'git was not run';
  if (result.timedOut) return 'git took too long';
  if (result.startError !== undefined) return `git could not be started (${result.startError})`;
  const words = toldAddress(result.stderr.trim());
  return words === '' ? `git exited with ${result.exitCode ?? result.signal}` : words.slice(0, 1000);
}

function pairOf(line: string): [string, string][] {
  const [name, commit] = line.split(' ');
  return name === undefined || commit === undefined ? [] : [[name, commit]];
}

function below(all: ReadonlyMap<string, string>, prefix: string, cut: number): ReadonlyMap<string, string> {
  return new Map([...all].flatMap(([name, commit]) => (name.startsWith(prefix) ? [[name.slice(cut), commit]] : [])));
}
