import type { Action } from '../api/action.ts';
import { patternOf } from '../api/reading/pattern.ts';
import { quote, sequence } from '../tmux/quote.ts';
import type { TmuxChannel } from '../tmux/reply.ts';
import { guardPane, NOT_OURS } from './guard.ts';
import type { ActionResult } from './result.ts';
import type { StartTimeOf } from './signals.ts';

type Answer = Extract<Action, { readonly type: 'Answer' }>;

export interface AnswerContext {
  readonly request: TmuxChannel['request'];
  readonly startTimeOf: StartTimeOf;
}

/** What the guarded line prints when the keys were not for the program: a person reads its history just now. */
const IN_MODE = 'muxlet: in a mode';

/**
 * Types the answer, if the question still stands on the screen in this very moment and the process is the one that
 * asked. Whatever else is there is nobody's to answer: then nothing is typed.
 */
export async function answerDialog(action: Answer, { request, startTimeOf }: AnswerContext): Promise<ActionResult> {
  const { owner, pane, process, pattern } = action;
  if (startTimeOf(process.pid) !== process.startTime) return { ok: true, idle: true };
  const capture = guardPane(pane, owner, [['capture-pane', '-p', '-J', '-t', quote(pane.id)]]);
  const screen = await request(capture);
  if (screen.type !== 'Done') return { ok: false, error: screen.error };
  if (screen.lines.includes(NOT_OURS)) return { ok: false, error: 'it is not ours any more' };
  const text = screen.lines.map((line) => line.trimEnd()).join('\n');
  if (!patternOf(pattern, 'mu').test(text)) return { ok: true, idle: true };
  const reply = await request(answerLine(action));
  if (reply.type !== 'Done') return { ok: false, error: reply.error };
  if (reply.lines.includes(NOT_OURS)) return { ok: false, error: 'it is not ours any more' };
  return reply.lines.includes(IN_MODE) ? { ok: true, idle: true } : { ok: true };
}

function answerLine({ owner, pane, keys }: Answer): string {
  const typed = keys.map((key) => ['send-keys', '-t', quote(pane.id), '--', quote(key)]);
  const away = quote('#{||:#{pane_dead},#{pane_in_mode}}');
  const otherwise = quote(`display-message -p ${quote(IN_MODE)}`);
  const line = `if-shell -F -t ${quote(pane.id)} ${away} ${otherwise} ${quote(sequence(typed))}`;
  return guardPane(pane, owner, [[line]]);
}
