/**
 * Of what stands on a screen, the part that may say something of the present. What an earlier turn left there, and what
 * a person wrote, says nothing: 'usage limit reached' in a question is no limit.
 */
import { matchesOf } from './pattern.ts';

export interface ScreenText {
  readonly text: string;
  /** Whether a piece of the text, from one index up to another, was written by a person. */
  readonly isOwn: (from: number, to: number) => boolean;
}

export interface ScreenFacts {
  readonly lines: readonly string[];
  /** The class's pattern of the input box, with the group 'text' and the flags d and g. */
  readonly inputLine?: RegExp;
  /** What the agent was told last, as far as its records say. */
  readonly lastPrompt?: string;
}

/** So much of a prompt's line is looked for on the screen, which may cut or wrap it. */
const SHOWN_CHARS = 30;
/** A shorter line is found by chance. */
const SHORTEST = 3;

export function screenText({ lines, inputLine, lastPrompt }: ScreenFacts): ScreenText {
  const from = Math.max(afterPrompt(lines, lastPrompt), afterSent(lines, inputLine));
  const text = lines.slice(from).join('\n');
  const own = inputLine === undefined ? [] : ownRanges(text, inputLine);
  return { text, isOwn: (start, end) => own.some(([first, last]) => first <= start && end <= last) };
}

/** The line below the last message, where it is still to be seen. */
function afterPrompt(lines: readonly string[], prompt: string | undefined): number {
  const told = (prompt ?? '').split('\n').map((line) => line.trim());
  const first = told.find((line) => line.length >= SHORTEST)?.slice(0, SHOWN_CHARS);
  if (first === undefined) return 0;
  const at = lines.findLastIndex((line) => line.includes(first));
  if (at < 0) return 0;
  let next = at + 1;
  while (next < lines.length && isOf(told, lines[next] ?? '')) next += 1;
  return next;
}

function isOf(told: readonly string[], line: string): boolean {
  const shown = line.trim();
  return shown.length >= SHORTEST && told.some((own) => own.includes(shown));
}

/** The last line like an input box is the box; one above it that holds something is a message that was sent. */
function afterSent(lines: readonly string[], inputLine: RegExp | undefined): number {
  if (inputLine === undefined) return 0;
  const boxes = lines.flatMap((line, index) => {
    const [found] = matchesOf(inputLine, line);
    return found === undefined ? [] : [{ index, holds: (found.groups?.['text'] ?? '').trim() !== '' }];
  });
  const sent = boxes.slice(0, -1).findLast(({ holds }) => holds);
  return sent === undefined ? 0 : sent.index + 1;
}

function ownRanges(text: string, inputLine: RegExp): (readonly [number, number])[] {
  return matchesOf(inputLine, text).flatMap((found) => {
    const range = found.indices?.groups?.['text'];
    return range === undefined ? [] : [range];
  });
}
