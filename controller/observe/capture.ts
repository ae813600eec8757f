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
  const at = quote(pane.id);
  const capture = (above: number): string => `capture-pane -p -J -S -${above} -t ${at}`;
  const facts = quote(`#{history_size} #{${MARKS.history}}`);
  // Asked together, as if all that stands above the screen were the present run's: so it nearly always is.
  const reply = await server.request(`display-message -p -t ${at} ${facts} ; ${capture(lines)}`);
  if (reply.type !== 'Done') return [];
  const [first = '', ...captured] = reply.lines;
  const [size = 0, before = 0] = first.split(' ').map(Number);
  if (before === 0) return withoutTail(captured);
  const own = await server.request(capture(Math.max(0, Math.min(size - before, lines))));
  return own.type === 'Done' ? withoutTail(own.lines) : [];
}

function withoutTail(lines: readonly string[]): readonly string[] {
  const text = lines.map((line) => line.trimEnd()).filter((line) => !TMUX_NOTE.test(line));
  return text.slice(0, text.findLastIndex((line) => line !== '') + 1);
}
