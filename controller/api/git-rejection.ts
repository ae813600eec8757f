import type { ProjectSpec } from './generated/all.ts';
import { isAddress } from './normalise-git.ts';
import type { DesiredWorkspace } from './workspace.ts';

/** Names that branches and folders of a project have beside those of its agents. */
const RESERVED = new Set(['integration', 'shared']);

export interface GitRejection {
  readonly reason: 'NameReserved' | 'WorkTreeNeeded' | 'CredentialsInline';
  readonly message: string;
}

/** What a spec says of its repository that cannot be. */
export function gitRejection(spec: ProjectSpec, workspace: DesiredWorkspace | undefined): GitRejection | undefined {
  const { repo = '', agents } = spec;
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/@]*:[^/]*@/i.test(repo)) {
    const message = 'repo holds a password, which git would write into its settings: name it in spec.credentials';
    return { reason: 'CredentialsInline', message };
  }
  if (workspace === undefined) {
    if (!isAddress(repo)) return undefined;
    const message = 'workTree.policy is None, and repo is an address: the agents would have no directory to work in';
    return { reason: 'WorkTreeNeeded', message };
  }
  const taken = agents.find(({ name }) => RESERVED.has(name));
  if (taken === undefined) return undefined;
  const message = `agent ${taken.name}: a project with work trees has a branch and a folder of that name; call it something else`;
  return { reason: 'NameReserved', message };
}
