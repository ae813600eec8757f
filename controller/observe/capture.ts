import { MARKS } from '../tmux/marks.ts';
import { quote } from '../tmux/quote.ts';
import type { TmuxChannel } from '../tmux/reply.ts';

/** Lines asked for above the screen; blank ones at the end are dropped afterwards. */
const LINES = 60;
// tmux writes this into the pane itself (remain-on-exit-format).
export const TMUX_NOTE = /^Pane is dead( \(.*\))?$/;

/**
 * The last lines that the present run of a pane has printed, joined where the terminal wrapped them; [] if the pane is
 * gone. A respawn empties the screen but keeps the history, where earlier runs' lines would pass for this one's.
 */
export async function capturePane(
  server: TmuxChannel,
  pane: { readonly id: string },
  lines = LINES,
): Promise<readonly string[]> {
  const above = Math.min(await linesAbove(server, pane), lines);
  const reply = await server.request(`capture-pane -p -J -S -${above} -t ${quote(pane.id)}`);
  return reply.type === 'Done' ? withoutTail(reply.lines) : [];
}

/** How many lines of the present run have left the screen. At the history's limit, fewer than there were. */
async function linesAbove(server: TmuxChannel, pane: { readonly id: string }): Promise<number> {
  const format = `#{history_size} #{${MARKS.history}}`;
  const reply = await server.request(`display-message -p -t ${quote(pane.id)} ${quote(format)}`);
  if (reply.type !== 'Done') return 0;
  const [size = 0, before = 0] = (reply.lines[0] ?? '').split(' ').map(Number);
  return Math.max(0, size - before);
}

function withoutTail(lines: readonly string[]): readonly string[] {
  const text = lines.map((line) => line.trimEnd()).filter((line) => !TMUX_NOTE.test(line));
  return text.slice(0, text.findLastIndex((line) => line !== '') + 1);
}
