import type { AgentReport } from './generated/all.ts';

/** What an agent said of itself: state/reports/ID.json, written by `muxlet report`. */
export interface Report {
  readonly id: string;
  readonly type: AgentReport['type'];
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly project: string;
  readonly agent: string;
  /** The project's uid and the run of the agent, as its environment says: an agent that is gone says nothing any more. */
  readonly uid: string;
  readonly run: string;
  /** The project's generation as the agent's controller knew it; absent where it could not be told. */
  readonly generation?: number;
}

export const REPORT_TYPES = [
  'done',
  'blocked',
  'failed',
  'question',
  'status',
] as const satisfies readonly AgentReport['type'][];

/** Undefined if it is no report. */
export function readReport(raw: unknown, name: string): Report | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { id, type, text, at, project, agent, uid, run, generation } = raw as Record<string, unknown>;
  const words = [id, text, project, agent, uid, run];
  if (id !== name || !isTime(at) || words.some((word) => typeof word !== 'string')) return undefined;
  if (!REPORT_TYPES.some((known) => known === type)) return undefined;
  if (generation !== undefined && typeof generation !== 'number') return undefined;
  return { ...(raw as Report), text: shortened(text as string) };
}

/** As far as a Date can tell them: of a later one, nobody could say when it was. */
function isTime(at: unknown): boolean {
  return typeof at === 'number' && !Number.isNaN(new Date(at).getTime());
}

/** Longer ones belong into a file that the report names, in characters. */
const MAX_TEXT = 10_000;

/** It goes into the project's status and to the hub: of one that is too long the beginning. */
export function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)} …` : text;
}
