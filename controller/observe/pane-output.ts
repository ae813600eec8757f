import { randomUUID } from 'node:crypto';
import type { PaneOutput } from '../api/observed.ts';
import { MARKS } from '../tmux/marks.ts';
import { quote } from '../tmux/quote.ts';
import type { TmuxChannel } from '../tmux/reply.ts';

const FACTS = ['pane_dead', 'alternate_on', 'history_size', MARKS.history, 'window_activity', MARKS.pane];
// tmux writes this into the pane itself (remain-on-exit-format).
export const TMUX_NOTE = /^Pane is dead( \(.*\))?$/;
/** Rows above the screen that the last lines are looked for in. */
const MAX_ABOVE = 60;
/** A longer line is cut: a program may print megabytes without a line break. */
const MAX_LINE = 4096;

/**
 * What stands in a pane and in the last `rows` rows above its screen; undefined if it could not be read, or is not
 * ours. One request, written before this returns: what is asked of the same server next is carried out after it.
 */
export async function capturePaneOutput(
  server: TmuxChannel,
  pane: { readonly id: string },
  rows: number,
): Promise<PaneOutput | undefined> {
  const at = quote(pane.id);
  // Nobody can guess it, and randomUUID has its random numbers at hand.
  const border = `muxlet-${randomUUID()}`;
  const marker = `display-message -p ${border}`;
  const reply = await server.request(
    [
      `display-message -p -t ${at} ${quote(FACTS.map((fact) => `#{${fact}}`).join(' '))}`,
      `capture-pane -p -J -S -${rows} -E -1 -t ${at}`,
      marker,
      // From one row above the screen: only so is it seen whether a line is wrapped from there into the screen.
      `capture-pane -p -J -S -1 -t ${at}`,
      marker,
      `capture-pane -p -J -a -q -t ${at}`,
    ].join(' ; '),
  );
  if (reply.type !== 'Done') return undefined;
  const [facts = '', ...lines] = reply.lines;
  const [dead, alternate, history, earlier, activity, paneId, uid, project, agent, hash, run] = facts.split(' ');
  const [above, below, hidden] = splitAt(lines, border);
  if (paneId !== pane.id || run === undefined || above === undefined || below === undefined) return undefined;
  const mark = { uid: uid ?? '', project: project ?? '', agent: agent ?? '', hash: hash ?? '', run };
  const historyRows = Number(history);
  const parts = historyRows === 0 ? { settled: [], screen: below } : join(above, below);
  const shown = withoutTail(parts.screen);
  return {
    mark,
    dead: dead === '1',
    fullScreen: alternate === '1',
    windowActivity: Number(activity),
    historyRows,
    earlierRows: Number(earlier),
    // The first row may be the rest of a line that began above it.
    settled: (historyRows > rows ? parts.settled.slice(1) : parts.settled).map(clean),
    screen: alternate === '1' ? [...withoutTail(hidden ?? []), ...shown] : shown,
  };
}

/**
 * The last lines that the present run of a pane has printed. A respawn empties the screen, and the history with it as a
 * rule; where rows of earlier runs are left there, they would pass for this one's.
 */
export async function lastLines(
  server: TmuxChannel,
  pane: { readonly id: string },
  { historyRows, earlierRows, settled, screen }: PaneOutput,
): Promise<readonly string[]> {
  if (earlierRows === 0) return withoutTail([...settled, ...screen]);
  const above = Math.min(MAX_ABOVE, Math.max(0, historyRows - earlierRows));
  const own = await server.request(`capture-pane -p -J -S -${above} -t ${quote(pane.id)}`);
  return own.type === 'Done' ? withoutTail(own.lines) : [];
}

function splitAt(lines: readonly string[], border: string): string[][] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (line === border) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

/** `below` begins with the last row of `above`, which goes on in it if the terminal wrapped the line there. */
function join(above: readonly string[], [first = '', ...screen]: readonly string[]) {
  const last = above.at(-1) ?? '';
  if (last.endsWith(first)) return { settled: above, screen };
  let shared = Math.min(last.length, first.length);
  while (!last.endsWith(first.slice(0, shared))) shared -= 1;
  return { settled: above.slice(0, -1), screen: [last + first.slice(shared), ...screen] };
}

function withoutTail(lines: readonly string[]): readonly string[] {
  const text = lines.map(clean).filter((line) => !TMUX_NOTE.test(line));
  return text.slice(0, text.findLastIndex((line) => line !== '') + 1);
}

function clean(line: string): string {
  return line.trimEnd().slice(0, MAX_LINE);
}
