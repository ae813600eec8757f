import type { OutputLine } from './agent-output.ts';
import type { JoinedOutput } from './join-output.ts';

/** A line that was shown and then repainted is shown again once it has kept still for so long, in milliseconds. */
const STILL_MS = 2000;

interface Shown {
  /** As it was shown. */
  readonly text: string;
  /** As it last stood there, and since when. */
  readonly last: string;
  readonly since: number;
}

/**
 * Turns looks at an agent's output into lines to show, each at once and no earlier than it is whole. A terminal is no
 * stream: what is on the screen may be written over. A line that was is shown again when it is final, or at rest.
 *
 * @param from what was shown already
 */
export function createFollower(from: JoinedOutput, now: number): (seen: JoinedOutput, now: number) => OutputLine[] {
  const shown = new Map<number, Shown>();
  let next = 0;
  let lastLine: OutputLine | undefined;

  function remember({ position, text }: OutputLine, openFrom: number, at: number): void {
    next = Math.max(next, position + 1);
    if (position < openFrom) shown.delete(position);
    else shown.set(position, { text, last: text, since: at });
  }

  for (const line of from.lines) remember(line, from.openFrom, now);

  /** A line that stands there already, if it is to be shown again. */
  function again(line: OutputLine, openFrom: number, at: number): boolean {
    const known = shown.get(line.position);
    if (known === undefined) return false;
    const isFinal = line.position < openFrom;
    if (isFinal) shown.delete(line.position);
    if (line.text === '' || line.text === known.text) {
      if (!isFinal) shown.set(line.position, { ...known, last: line.text, since: at });
      return false;
    }
    if (isFinal) return true;
    const since = line.text === known.last ? known.since : at;
    const isStill = at - since >= STILL_MS;
    shown.set(line.position, { text: isStill ? line.text : known.text, last: line.text, since });
    return isStill;
  }

  return (seen, at) => {
    const before = lastLine;
    const end = seen.lines.at(-1);
    lastLine = end;
    return seen.lines.filter((line) => {
      if (line.position < next) return again(line, seen.openFrom, at);
      const isOpen = line.position >= seen.openFrom;
      if (isOpen && seen.fullScreen) return false;
      const mayGoOn = isOpen && line === end && (before?.position !== line.position || before.text !== line.text);
      if (mayGoOn) return false;
      remember(line, seen.openFrom, at);
      return true;
    });
  };
}
