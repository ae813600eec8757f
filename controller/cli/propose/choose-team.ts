import type { Team } from '../../api/generated/all.ts';
import { globToRegExp } from './glob.ts';

export interface TeamChoice {
  readonly team: Team;
  /** Files that speak for it, an example for each of its signs that was found. */
  readonly because: readonly string[];
}

/** How much the share of all files that a team's signs cover counts, beside each sign's one. */
const SHARE_WEIGHT = 2;

/**
 * The team whose signs the files show best; undefined if they show none. A sign that several teams name says little for
 * each of them. Pure; of two that are equal, the first by name.
 */
export function chooseTeam(teams: readonly Team[], files: readonly string[]): TeamChoice | undefined {
  const uses = new Map<string, number>();
  for (const sign of teams.flatMap(signsOf)) uses.set(sign, (uses.get(sign) ?? 0) + 1);
  const scored = [...teams].sort(byName).map((team) => {
    const found = signsOf(team).flatMap((sign) => {
      const pattern = globToRegExp(sign);
      const matches = files.filter((file) => pattern.test(file));
      return matches.length === 0 ? [] : [{ sign, matches }];
    });
    const signs = found.reduce((sum, { sign }) => sum + 1 / (uses.get(sign) ?? 1), 0);
    const covered = new Set(found.flatMap(({ matches }) => matches)).size / Math.max(1, files.length);
    const because = [...new Set(found.flatMap(({ matches }) => matches.slice(0, 1)))];
    return { team, because, score: signs + SHARE_WEIGHT * covered };
  });
  const best = scored.reduce<(typeof scored)[number] | undefined>(
    (first, next) => (first === undefined || next.score > first.score ? next : first),
    undefined,
  );
  return best === undefined || best.score === 0 ? undefined : best;
}

function signsOf({ spec }: Team): readonly string[] {
  return [...new Set(spec.signs ?? [])];
}

function byName(a: Team, b: Team): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
