import type { Team } from '../../api/generated/all.ts';

export interface SizeChoice {
  readonly size: string;
  readonly members: Team['spec']['members'];
  /** In words; absent if a person named the size. */
  readonly because?: string;
}

const DEFAULT_SIZES = { small: 3, medium: 5, large: 8 } as const;
/** Files from which a repository keeps a medium or a large team busy. */
const MEDIUM_FILES = 200;
const LARGE_FILES = 2000;

/** The sizes that a team knows, the smallest first. */
export function sizesOf({ spec }: Team): ReadonlyMap<string, number> {
  return new Map(Object.entries(spec.sizes ?? DEFAULT_SIZES).sort(([, a], [, b]) => a - b));
}

/** Undefined if the team has no size of the name that is asked for. No team is larger than its list of members. */
export function chooseSize(team: Team, files: number, asked: string | undefined): SizeChoice | undefined {
  const sizes = sizesOf(team);
  const { name, because } = asked === undefined ? sizeFor(files) : { name: asked };
  // A team may call its sizes otherwise; the smallest is the one to begin with.
  const size = sizes.has(name) || asked !== undefined ? name : [...sizes.keys()][0];
  const members = size === undefined ? undefined : sizes.get(size);
  if (size === undefined || members === undefined) return undefined;
  return {
    size,
    members: team.spec.members.slice(0, members),
    ...(because !== undefined && { because }),
  };
}

function sizeFor(files: number): { readonly name: string; readonly because?: string } {
  if (files < MEDIUM_FILES) return { name: 'small', because: `fewer than ${MEDIUM_FILES} files` };
  if (files < LARGE_FILES) return { name: 'medium', because: `${MEDIUM_FILES} to ${LARGE_FILES - 1} files` };
  return { name: 'large', because: `${LARGE_FILES} files or more` };
}
