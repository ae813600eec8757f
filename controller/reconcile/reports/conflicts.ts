import type { Report } from '../../api/report.ts';

/** Reports further apart are about different things, in milliseconds. */
const CONFLICT_MS = 600_000;

export interface Conflict {
  /** The same for the same pair of reports. */
  readonly name: string;
  readonly text: string;
}

/** One agent says that it is done, another one of the same project that it is not going to be. */
export function conflicts(newest: Report, others: readonly Report[]): Conflict[] {
  return others
    .filter((other) => other.agent !== newest.agent && other.uid === newest.uid && contradict(other, newest))
    .filter((other) => Math.abs(other.at - newest.at) <= CONFLICT_MS)
    .map((other) => ({
      name: `conflict-${[other.id, newest.id].sort().join('-')}`,
      text:
        `reports contradict each other: ${other.agent} says ${other.type}${said(other)}; ` +
        `${newest.agent} says ${newest.type}${said(newest)}. Find out which holds, and tell both.`,
    }));
}

function contradict(a: Report, b: Report): boolean {
  return (a.type === 'done' && isBad(b)) || (isBad(a) && b.type === 'done');
}

function isBad({ type }: Report): boolean {
  return type === 'blocked' || type === 'failed';
}

function said({ text }: Report): string {
  return text === '' ? '' : ` ("${text.split('\n')[0]?.slice(0, 200)}")`;
}
