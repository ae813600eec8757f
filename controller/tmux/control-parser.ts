/** What tmux says on a control connection, taken apart line by line. */
export type ControlMessage =
  | { readonly type: 'Block'; readonly failed: boolean; readonly lines: readonly string[] }
  | { readonly type: 'Notification'; readonly name: string; readonly rest: string };

/**
 * Takes the lines of a control connection. A reply stands between %begin and the %end or %error that bears the same
 * number: lines of a reply that only look like %end stay lines (tmux does not escape them).
 */
export function createControlParser(): (line: string) => ControlMessage | undefined {
  let open: { readonly id: string; readonly lines: string[] } | undefined;
  return (line) => {
    if (open === undefined) return outside(line);
    const closing = /^%(end|error) (\d+ \d+) /.exec(line);
    if (closing === null || closing[2] !== open.id) {
      open.lines.push(line);
      return undefined;
    }
    const { lines } = open;
    open = undefined;
    return { type: 'Block', failed: closing[1] === 'error', lines };
  };

  function outside(line: string): ControlMessage | undefined {
    const begin = /^%begin (\d+ \d+) /.exec(line);
    if (begin?.[1] !== undefined) {
      open = { id: begin[1], lines: [] };
      return undefined;
    }
    const notification = /^%(\S+) ?(.*)$/s.exec(line);
    return notification === null
      ? undefined
      : { type: 'Notification', name: notification[1] ?? '', rest: notification[2] ?? '' };
  }
}
