import { quote } from '../../tmux/quote.ts';
import type { TmuxChannel } from '../../tmux/reply.ts';
import { TMUX_NOTE } from '../pane-output.ts';

/** What a pane shows the world: its title, and when it last printed. */
export interface PaneFace {
  readonly server: string;
  readonly id: string;
  readonly pid: number;
  readonly dead: boolean;
  /** One line of printable text; a program may put anything into it. */
  readonly title: string;
  /** Seconds since the epoch of the last output in its window. */
  readonly windowActivity: number;
}

// Whatever a title holds, a line break among it: one that does not begin like this goes on from the line before.
const BEGIN = 'muxlet-face:';
const FORMAT = `${BEGIN}#{pane_id} #{pane_pid} #{pane_dead} #{window_activity} #{pane_title}`;
const LINE = /^(%\d+) (\d+) ([01]) (\d+) (.*)$/su;
const TIMEOUT_MS = 3000;
const MAX_TITLE = 500;

/** The faces of all panes of a server, in one request; undefined if it did not answer. */
export async function listFaces(server: TmuxChannel & { readonly name: string }): Promise<PaneFace[] | undefined> {
  const reply = await server.request(`list-panes -a -F ${quote(FORMAT)}`, TIMEOUT_MS);
  if (reply.type === 'Gone') return [];
  if (reply.type !== 'Done') return undefined;
  return parseFaces(server.name, reply.lines);
}

export function parseFaces(server: string, lines: readonly string[]): PaneFace[] {
  const whole: string[] = [];
  for (const line of lines) {
    if (line.startsWith(BEGIN)) whole.push(line.slice(BEGIN.length));
    else if (whole.length > 0) whole.push(`${whole.pop() ?? ''} ${line}`);
  }
  return whole.flatMap((line) => {
    const [, id, pid, dead, activity, title = ''] = LINE.exec(line) ?? [];
    if (id === undefined) return [];
    const face = { server, id, pid: Number(pid), dead: dead === '1', windowActivity: Number(activity) };
    return [{ ...face, title: printable(title) }];
  });
}

function printable(title: string): string {
  const text = title.replaceAll(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return text.trim().slice(0, MAX_TITLE);
}

/** What is on a pane's screen now, less blank lines at its end; undefined if it could not be read. */
export async function captureScreen(server: TmuxChannel, pane: string): Promise<readonly string[] | undefined> {
  const reply = await server.request(`capture-pane -p -J -t ${quote(pane)}`, TIMEOUT_MS);
  if (reply.type !== 'Done') return undefined;
  const lines = reply.lines.map((line) => line.trimEnd()).filter((line) => !TMUX_NOTE.test(line));
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}
