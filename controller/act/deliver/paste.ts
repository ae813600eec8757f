import type { Owner, PaneRef } from '../../api/action.ts';
import { quote, sequence } from '../../tmux/quote.ts';
import type { TmuxChannel } from '../../tmux/reply.ts';
import { guardPane, NOT_OURS } from '../guard.ts';

/** What became of a command line into a pane. `Refused`: certainly nothing was typed. */
export type Typed =
  | { readonly type: 'Done' }
  | { readonly type: 'Refused'; readonly error: string }
  | { readonly type: 'Unknown'; readonly error: string };

/** Puts the text into a paste buffer of its own; the same again replaces it. */
export function loadBuffer(server: TmuxChannel, buffer: string, text: string): Promise<Typed> {
  return type(server, `set-buffer -b ${quote(buffer)} -- ${quote(text)}`);
}

/**
 * Pastes the buffer and removes it, in one go, into our own pane, if its process is the one that was seen and no person
 * looks at its history. As a bracketed paste (-p), whose end is a mark of its own: what is typed after it is a key and
 * never a part of the text, however busy the program is. -r: a line break stays one.
 */
export function pasteBuffer(server: TmuxChannel, pane: PaneRef, owner: Owner, buffer: string): Promise<Typed> {
  const paste = ['paste-buffer', '-p', '-r', '-d', '-b', quote(buffer), '-t', quote(pane.id)];
  return type(server, inPane(pane, owner, [paste]));
}

/** Removes a buffer that is not to be pasted any more; that it is gone already is no matter. */
export async function dropBuffer(server: TmuxChannel, buffer: string): Promise<void> {
  await type(server, `delete-buffer -b ${quote(buffer)}`);
}

/** Presses keys, by tmux's names, in our own pane. */
export function pressKeys(server: TmuxChannel, pane: PaneRef, owner: Owner, keys: readonly string[]): Promise<Typed> {
  const presses = keys.map((key) => ['send-keys', '-t', quote(pane.id), '--', quote(key)]);
  return type(server, inPane(pane, owner, presses));
}

function inPane(pane: PaneRef, owner: Owner, commands: readonly (readonly string[])[]): string {
  const closed = quote('#{||:#{pane_dead},#{pane_in_mode}}');
  const refuse = quote(`display-message -p ${quote(NOT_OURS)}`);
  return guardPane(pane, owner, [
    [`if-shell -F -t ${quote(pane.id)} ${closed} ${refuse} ${quote(sequence(commands))}`],
  ]);
}

async function type(server: TmuxChannel, line: string): Promise<Typed> {
  const reply = await server.request(line);
  if (reply.type === 'Refused') return { type: 'Refused', error: reply.error };
  if (reply.type !== 'Done') return { type: 'Unknown', error: reply.error };
  return reply.lines.includes(NOT_OURS) ? { type: 'Refused', error: 'the pane is not ready for it' } : { type: 'Done' };
}
