import { quote } from '../tmux/quote.ts';
import type { TmuxChannel } from '../tmux/reply.ts';

/** Lines asked for; blank ones at the end are dropped afterwards. */
const LINES = 60;
// tmux writes this into the pane itself (remain-on-exit-format).
export const TMUX_NOTE = /^Pane is dead( \(.*\))?$/;

/** The last lines on a pane's screen and just above it, joined where the terminal wrapped them; [] if it is gone. */
export async function capturePane(
  server: TmuxChannel,
  pane: { readonly id: string },
  lines = LINES,
): Promise<readonly string[]> {
  const reply = await server.request(`capture-pane -p -J -S -${lines} -t ${quote(pane.id)}`);
  return reply.type === 'Done' ? withoutTail(reply.lines) : [];
}

function withoutTail(lines: readonly string[]): readonly string[] {
  const text = lines.map((line) => line.trimEnd()).filter((line) => !TMUX_NOTE.test(line));
  return text.slice(0, text.findLastIndex((line) => line !== '') + 1);
}
