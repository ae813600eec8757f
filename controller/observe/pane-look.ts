import { randomUUID } from 'node:crypto';
import type { PaneLook } from '../api/pane-look.ts';
import { MARKS } from '../tmux/marks.ts';
import { quote } from '../tmux/quote.ts';
import type { TmuxChannel } from '../tmux/reply.ts';

export interface LookedPane {
  readonly session: string;
  readonly id: string;
  readonly pid: number;
  readonly run: string;
}

/** Begins the name of a paste buffer that holds a mail until it is pasted. */
export const BUFFER = 'muxlet-mail-';

const FACTS = ['pane_dead', 'pane_pid', 'pane_in_mode', MARKS.pane, 'pane_current_command'];

/**
 * What is to be known of an agent's pane before something is typed into it, by one request: tmux answers it in one go,
 * so that all of it is of the same moment.
 *
 * @param shells names of programs that are no agent
 */
export async function lookAtPane(server: TmuxChannel, pane: LookedPane, shells: readonly string[]): Promise<PaneLook> {
  const at = quote(pane.id);
  const border = `muxlet-${randomUUID()}`;
  const marker = `display-message -p ${border}`;
  const reply = await server.request(
    [
      `display-message -p -t ${at} ${quote(FACTS.map((fact) => `#{${fact}}`).join('\t'))}`,
      `capture-pane -p -J -t ${at}`,
      marker,
      `capture-pane -p -J -e -t ${at}`,
      marker,
      `list-clients -t ${quote(pane.session)} -F ${quote('#{client_control_mode} #{client_activity}')}`,
      marker,
      `list-buffers -F ${quote('#{buffer_name}')} -f ${quote(`#{m:${BUFFER}*,#{buffer_name}}`)}`,
    ].join(' ; '),
  );
  if (reply.type === 'Refused' || reply.type === 'Gone') return { type: 'None' };
  if (reply.type !== 'Done') return { type: 'Unknown', message: reply.error };
  const [facts = '', ...lines] = reply.lines;
  const [dead, pid, inMode, mark, command = ''] = facts.split('\t');
  const [paneId, , , , , run] = (mark ?? '').split(' ');
  if (paneId !== pane.id || run === undefined || dead === '1' || Number(pid) !== pane.pid) return { type: 'None' };
  const [screen = [], styled = [], clients = [], buffers = []] = splitAt(lines, border);
  return {
    type: 'Seen',
    run,
    inMode: inMode !== '0',
    isShell: shells.includes(command.replace(/^-/, '')),
    screen: screen.map((line) => line.trimEnd()),
    styled,
    personAt: lastTyped(clients),
    waitingPastes: buffers.map((name) => name.slice(BUFFER.length)),
  };
}

/** Control clients are programs: ours, or another's. */
function lastTyped(clients: readonly string[]): number | undefined {
  const times = clients
    .map((line) => line.split(' '))
    .filter(([control]) => control === '0')
    .map(([, activity]) => Number(activity) * 1000);
  return times.length === 0 ? undefined : Math.max(...times);
}

function splitAt(lines: readonly string[], border: string): string[][] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (line === border) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}
