import { randomBytes } from 'node:crypto';
import type { PaneOutput } from '../api/observed.ts';
import { MARKS } from '../tmux/marks.ts';
import { quote } from '../tmux/quote.ts';
import type { TmuxChannel } from '../tmux/reply.ts';
import { TMUX_NOTE } from './capture.ts';

const FACTS = ['pane_dead', 'alternate_on', 'history_size', 'window_activity', MARKS.pane];
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
  const border = `muxlet-${randomBytes(8).toString('hex')}`;
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
  const [dead, alternate, history, activity, paneId, uid, project, agent, hash, run] = facts.split(' ');
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
    // The first row may be the rest of a line that began above it.
    settled: (historyRows > rows ? parts.settled.slice(1) : parts.settled).map(clean),
    screen: alternate === '1' ? [...withoutTail(hidden ?? []), ...shown] : shown,
  };
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
