/**
 * Regular expressions that people write and that are tried on whatever a program prints. Some need more time than there
 * is (`^(\w+\s?)*$` on a line of fifty words), and one that does would hold up the whole controller: those that may are
 * given a time, and up when they need more.
 */
import { createContext, Script } from 'node:vm';

/** A pattern needs microseconds; in milliseconds, with room for a machine that is busy. */
const TIME_MS = 200;
/** So many times it is tried; after that it fails at once. */
const TRIES = 3;
const KEPT = 2000;

export class PatternTooSlow extends Error {}

const patterns = new Map<string, RegExp>();
/** How often a pattern took too long, by its text. */
const slow = new Map<string, number>();
const bound = createContext({ run: undefined as unknown });
const script = new Script('run()');

/**
 * The same object for the same words. One without the flags g and y has no state.
 *
 * @throws SyntaxError for what is no pattern. To try it on a text throws PatternTooSlow where that takes too long.
 */
export function patternOf(source: string, flags: string): RegExp {
  return keptPattern(source, flags, mayBacktrack(source));
}

/** One that has its time on every text: for those that are longer than a line, where the square of that is much. */
export function boundedPatternOf(source: string, flags: string): RegExp {
  return keptPattern(source, flags, true);
}

function keptPattern(source: string, flags: string, isBounded: boolean): RegExp {
  const id = `${isBounded ? 'bounded' : ''} ${flags} ${source}`;
  const known = patterns.get(id);
  if (known !== undefined) {
    known.lastIndex = 0;
    return known;
  }
  if (patterns.size >= KEPT) patterns.clear();
  const made = isBounded ? new BoundedRegExp(source, flags) : new RegExp(source, flags);
  patterns.set(id, made);
  return made;
}

/** What is found, for those to whom a pattern that takes too long finds nothing. */
export function matchesOf(pattern: RegExp, text: string): RegExpExecArray[] {
  try {
    return pattern.global ? [...text.matchAll(pattern)] : [pattern.exec(text)].filter((found) => found !== null);
  } catch (error) {
    if (error instanceof PatternTooSlow) return [];
    throw error;
  }
}

/** Patterns that took too long, once or more. */
export function slowPatterns(): string[] {
  return [...slow.keys()];
}

/** All that tries a pattern on a text (test, match, matchAll, replace) comes through here, on copies of it as well. */
class BoundedRegExp extends RegExp {
  override exec(text: string): RegExpExecArray | null {
    const times = slow.get(this.source) ?? 0;
    if (times >= TRIES) throw new PatternTooSlow(`the pattern ${this.source} takes too long`);
    let found: RegExpExecArray | null = null;
    bound['run'] = () => {
      found = super.exec(text);
    };
    try {
      script.runInContext(bound, { timeout: TIME_MS });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      slow.set(this.source, times + 1);
      throw new PatternTooSlow(`the pattern ${this.source} takes too long`, { cause: error });
    }
    return found;
  }
}

interface Group {
  /** Something in it may be repeated without end, or chosen between. */
  varies: boolean;
}

const WIDE_AT_MOST = 2;

/**
 * Whether a pattern may need more than its text is long, and more than that squared: a repeated group in which something
 * is repeated or chosen (`(a+)+`, `(a|a)*`), or three times and more anything at all (`[^]*x[^]*y[^]*z`).
 */
export function mayBacktrack(source: string): boolean {
  const pieces = source.matchAll(
    /\\(?:[pPux]\{[^}]*\}|k<[^>]*>|[^])|(?<set>\[(?:\\[^]|[^\]\\])*\])|(?<open>\((?:\?(?:<?[=!]|:|<[^>]*>))?)|(?<close>\))|(?<count>[*+]|\{\d+(?:,\d*)?\})|(?<or>\|)|[^]/g,
  );
  const groups: Group[] = [{ varies: false }];
  let wide = 0;
  let before = '';
  let closed: Group | undefined;
  for (const { 0: text, groups: kind = {} } of pieces) {
    const inner = groups.at(-1);
    if (kind['open'] !== undefined) groups.push({ varies: false });
    else if (kind['or'] !== undefined && inner !== undefined) inner.varies = true;
    else if (kind['count'] !== undefined && isMany(text) && inner !== undefined) {
      if (closed?.varies === true) return true;
      inner.varies = true;
      if (before === '[^]' || before === '[\\s\\S]' || before === '[\\d\\D]' || before === '[\\w\\W]') wide += 1;
    }
    closed = kind['close'] === undefined ? undefined : groups.length > 1 ? groups.pop() : undefined;
    const outer = groups.at(-1);
    if (closed?.varies === true && outer !== undefined) outer.varies = true;
    before = text;
  }
  return wide > WIDE_AT_MOST;
}

/** A few times is few. */
function isMany(count: string): boolean {
  if (count === '*' || count === '+') return true;
  const [, from = '0', to] = /^\{(\d+)(?:,(\d*))?\}$/.exec(count) ?? [];
  return to === '' || Number(to ?? from) > 8;
}
