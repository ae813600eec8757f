/** What became of a command line. `Refused`: tmux answered with an error; the rest: it was not answered. */
export type Reply =
  | { readonly type: 'Done'; readonly lines: readonly string[] }
  | { readonly type: 'Refused'; readonly error: string; readonly lines: readonly string[] }
  | { readonly type: 'Gone' | 'Unresponsive' | 'Unreachable'; readonly error: string };

/** Takes command lines, one at a time or many in flight; answers come in order. Never rejects. */
export interface TmuxChannel {
  request(line: string, timeoutMs?: number): Promise<Reply>;
}
