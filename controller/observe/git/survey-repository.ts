import type { Look } from '../../api/look.ts';
import { claimRef, decodeClaim } from '../../api/project-claim.ts';
import type { TreeEntry } from '../../api/repository-look.ts';
import { askGit } from '../../exec/ask-git.ts';
import { branchUnderWay } from './branch-under-way.ts';
import { seeWorkTrees } from './list-work-trees.ts';
import { realPath } from './real-path.ts';
import { treeEntries } from './tree-entries.ts';

export interface SurveyedTree extends TreeEntry {
  readonly isThere: boolean;
  /** The branch that is rebased or bisected there. */
  readonly underWay?: string;
}

export interface RepositorySurvey {
  readonly trees: readonly SurveyedTree[];
  /** Under refs/muxlet/ and refs/heads/muxlet/, with what they lead to. */
  readonly refs: ReadonlyMap<string, string>;
  /** Controllers by the names of projects whose branches are theirs. */
  readonly claims: ReadonlyMap<string, string>;
}

const LOOK = { timeoutMs: 30_000 } as const;

/** Everything of muxlet's in a repository, whoever it belongs to. Takes no lock, and never rejects. */
export async function surveyRepository(path: string, now: number): Promise<Look<RepositorySurvey>> {
  try {
    const where = await askGit(path, ['rev-parse', '--path-format=absolute', '--git-common-dir'], LOOK);
    const listed = await seeWorkTrees(path);
    const entries = await treeEntries(listed, await realPath(where));
    const format = '--format=%(refname) %(objectname)';
    const text = await askGit(path, ['for-each-ref', format, 'refs/muxlet/', 'refs/heads/muxlet/'], LOOK);
    const refs = new Map(text.split('\n').flatMap((line) => pairOf(line)));
    const trees = await Promise.all(entries.map((entry, index) => surveyed(entry, listed[index]?.isThere ?? true)));
    return { state: 'Known', at: now, value: { trees, refs, claims: await claimsOf(path, refs) } };
  } catch (error) {
    const message = `${path}: ${error instanceof Error ? error.message : String(error)}`;
    return { state: 'Unknown', at: now, reason: 'RepositoryUnreachable', message };
  }
}

async function surveyed(entry: TreeEntry, isThere: boolean): Promise<SurveyedTree> {
  const { branch, adminDir } = entry;
  const underWay = branch === undefined && adminDir !== undefined ? await branchUnderWay(adminDir) : undefined;
  return { ...entry, isThere, ...(underWay !== undefined && { underWay }) };
}

async function claimsOf(path: string, refs: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const claims = new Map<string, string>();
  const prefix = claimRef('');
  for (const [ref, object] of refs) {
    if (!ref.startsWith(prefix)) continue;
    const mark = decodeClaim(await askGit(path, ['cat-file', '-p', object], LOOK));
    if (mark !== undefined) claims.set(ref.slice(prefix.length), mark.home);
  }
  return claims;
}

function pairOf(line: string): [string, string][] {
  const [name, object] = line.split(' ');
  return name === undefined || object === undefined ? [] : [[name, object]];
}
