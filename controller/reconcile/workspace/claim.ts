import { claimRef } from '../../api/project-claim.ts';
import type { RepositoryLook } from '../../api/repository-look.ts';
import type { Asker, Claim } from '../../api/work-tree-plan.ts';

/**
 * Whose the branches of a project's name are. Another controller's are taken over only once its state directory is known
 * to be gone: whatever it would do with them, it will not do any more.
 */
export function claimOf(
  { claim, entries }: Pick<RepositoryLook, 'claim' | 'entries'>,
  { project, home }: Pick<Asker, 'project' | 'home'>,
): Claim {
  if (claim?.mark !== undefined) {
    if (claim.mark.home === home) return { type: 'Ours' };
    return claim.isAbandoned === true ? { type: 'Free', from: claim.object } : others(project, claim.mark.state);
  }
  // Made before claims were written down. One that was left to a person is locked no more.
  const other = entries.find(
    ({ mark, lockMark, isAbandoned }) =>
      lockMark?.project === project && lockMark.home !== home && mark !== undefined && isAbandoned !== true,
  );
  if (other?.mark !== undefined) return others(project, other.mark.state);
  return { type: 'Free', ...(claim !== undefined && { from: claim.object }) };
}

function others(project: string, state: string): Claim {
  const message =
    `the branches muxlet/${project}/ are those of the project ${project} of the controller with the state directory ` +
    `${state} (${claimRef(project)}): call one of the two something else`;
  return { type: 'Others', message };
}
