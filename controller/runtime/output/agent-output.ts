import type { PaneOutput } from '../../api/observed.ts';
import { overlap } from './overlap.ts';

export interface OutputLine {
  /** Grows by one with every line of the agent, across its runs. */
  readonly position: number;
  /** When it was seen, in milliseconds since the epoch. */
  readonly at: number;
  readonly run: string;
  readonly text: string;
}

/** What is known of an agent's output beside the file that it is saved in. */
export interface AgentOutput {
  readonly run: string;
  /** The position of the next line. */
  readonly next: number;
  /** The last lines of the run that are saved, shortened to a number each. */
  readonly saved: readonly number[];
  /** What stood in the terminal after them: on the screen, where it may still change. */
  readonly pending: readonly { readonly at: number; readonly text: string }[];
  /** Rows of history at the last capture; undefined before the first. */
  readonly historyRows: number | undefined;
}

/** So many saved lines are remembered; more than a capture holds, a tall screen included. */
const REMEMBERED = 1500;

/** Takes up an agent whose output was saved before. */
export function recallOutput(run: string, saved: readonly OutputLine[]): AgentOutput {
  return {
    run,
    next: (saved.at(-1)?.position ?? -1) + 1,
    saved: saved
      .filter((line) => line.run === run)
      .slice(-REMEMBERED)
      .map(({ text }) => shorten(text)),
    pending: [],
    historyRows: undefined,
  };
}

export interface Taken {
  readonly output: AgentOutput;
  /** To be saved now. */
  readonly lines: readonly OutputLine[];
}

/**
 * Takes a capture of the same run. What has scrolled out of the screen cannot change any more and is saved; what is on
 * the screen is kept in mind, and saved when the run is over.
 *
 * @param rows how many rows above the screen were asked for
 * @param over whether nothing more will come of this run
 */
export function takeCapture(
  known: AgentOutput,
  seen: PaneOutput,
  { at, rows, over }: { readonly at: number; readonly rows: number; readonly over: boolean },
): Taken {
  const texts = [...seen.settled, ...seen.screen];
  const settled = over ? texts.length : seen.settled.length;
  const grown = grownLines(known, seen, rows);
  const place = overlap(known.saved, texts.map(shorten), {
    settled: seen.settled.length,
    ...(grown !== undefined && !over && { grown }),
  });
  const fresh = texts.slice(place);
  const same = fresh.findIndex((text, index) => known.pending[index]?.text !== text);
  const unchanged = same < 0 ? fresh.length : same;
  const stamped = fresh.map((text, index) => ({ text, at: (index < unchanged && known.pending[index]?.at) || at }));
  const count = Math.max(0, settled - place);
  const output = { ...known, pending: stamped.slice(count), historyRows: seen.historyRows };
  return save(output, stamped.slice(0, count));
}

/** The run ended unseen, and its terminal is gone: what was last on the screen is saved. */
export function endRun(known: AgentOutput): Taken {
  return save({ ...known, pending: [] }, known.pending);
}

function save(output: AgentOutput, added: AgentOutput['pending']): Taken {
  const { run, next } = output;
  return {
    output: {
      ...output,
      next: next + added.length,
      saved: [...output.saved, ...added.map(({ text }) => shorten(text))].slice(-REMEMBERED),
    },
    lines: added.map(({ at, text }, index) => ({ position: next + index, at, run, text })),
  };
}

/** About how many lines scrolled out since the last capture; a line may take several rows. */
function grownLines({ historyRows }: AgentOutput, seen: PaneOutput, rows: number): number | undefined {
  if (historyRows === undefined || seen.historyRows < historyRows) return undefined;
  return ((seen.historyRows - historyRows) * seen.settled.length) / Math.max(1, Math.min(seen.historyRows, rows));
}

/** FNV-1a, 32 bits: a thousand remembered lines of each of a thousand agents would take a hundred megabytes as text. */
function shorten(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
