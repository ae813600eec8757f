/** What the rules of a source say of a record, a text or a title. */
import { isConversation } from '../launch-record.ts';
import type { Claim, Evidence, Said, WorkTold } from './claim.ts';
import type { CompiledRule, CompiledSource, CompiledTest } from './compile.ts';
import { fieldOf, fieldsOf, isEmpty, textOf } from './fields.ts';
import { matchesOf, patternOf } from './pattern.ts';

/** Fills in a template; undefined if it names something that is not there. */
export type Render = (template: string, variables: Readonly<Record<string, unknown>>) => string | undefined;

export interface Ground {
  readonly source: CompiledSource;
  /** The source's place in the order of trust. */
  readonly trust: number;
  readonly render: Render;
  /** What templates in tests know: conversation, workingDir, pid, … */
  readonly variables: Readonly<Record<string, unknown>>;
  /** When it happened, or since when it has been so. */
  readonly at: number;
  readonly seenAt: number;
}

const PROMPT_CHARS = 2000;
const MESSAGE_CHARS = 500;

/** The first rule that a record fits; undefined if none does, or the record is not this agent's. */
export function sayOfRecord(record: unknown, ground: Ground): Said | undefined {
  const { source } = ground;
  const fits = (tests: readonly CompiledTest[]): boolean => tests.every((test) => passes(test, record, ground));
  if (!fits(source.valid)) return undefined;
  const rule = source.rules.find(({ match, pattern }) => pattern === undefined && match.length > 0 && fits(match));
  if (rule === undefined) return undefined;
  const value = (name: string | undefined) => (name === undefined ? undefined : textOf(fieldOf(record, name)));
  return say(rule, value, { ...ground, names: { record } });
}

/**
 * The first rule whose pattern is found in a text.
 *
 * @param isOwn whether a piece of the text, from one index up to another, says nothing since a person wrote it
 */
export function sayOfText(
  text: string,
  ground: Ground,
  isOwn: (from: number, to: number) => boolean = () => false,
): Said | undefined {
  for (const rule of ground.source.rules) {
    if (rule.pattern === undefined) continue;
    const found = firstMatch(rule.pattern, text, isOwn);
    if (found === undefined) continue;
    const groups = found.groups ?? {};
    const value = (name: string | undefined) => (name === undefined ? undefined : groups[name]);
    return say(rule, value, { ...ground, names: { groups } });
  }
  return undefined;
}

function firstMatch(pattern: RegExp, text: string, isOwn: (from: number, to: number) => boolean) {
  const everywhere = patternOf(pattern.source, `${pattern.flags.replace('g', '')}g`);
  return matchesOf(everywhere, text).find((found) => !isOwn(found.index, found.index + found[0].length));
}

/** The conversation that a record belongs to, by any of the fields that the source's rules name. */
export function conversationOf(record: unknown, { conversationFields }: CompiledSource): string | undefined {
  for (const field of conversationFields) {
    const text = textOf(fieldOf(record, field));
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

/** Where a path leads to several values, one of them must be so, and none there where nothing may be. */
function passes(test: CompiledTest, record: unknown, ground: Ground): boolean {
  const values = fieldsOf(record, test.field).filter((value) => value !== undefined && value !== null);
  if (test.exists !== undefined && test.exists !== values.length > 0) return false;
  if (test.empty !== undefined && test.empty !== values.every(isEmpty)) return false;
  return (
    (test.is === undefined && test.in === undefined && test.pattern === undefined) ||
    values.some((value) => holds(test, textOf(value) ?? '', ground))
  );
}

function holds({ is, in: list, pattern }: CompiledTest, text: string, { render, variables }: Ground): boolean {
  if (is !== undefined && text !== rendered(is, render, variables)) return false;
  if (list !== undefined && !list.includes(text)) return false;
  return pattern === undefined || matchesOf(pattern, text).length > 0;
}

function rendered(template: string, render: Render, variables: Ground['variables']): string | undefined {
  return template.includes('{') ? render(template, variables) : template;
}

interface RuleGround extends Ground {
  readonly names: Readonly<Record<string, unknown>>;
}

function say(rule: CompiledRule, value: (name?: string) => string | undefined, ground: RuleGround): Said {
  const claim = claimOf(rule, value, ground);
  const prompt = value(rule.prompt);
  const conversation = value(rule.conversation);
  const left = percent(value(rule.context) ?? rule.context);
  const work = workOf(rule, ground);
  return {
    rule: rule.name,
    at: ground.at,
    ...(claim !== undefined && { claim }),
    ...(rule.turn !== undefined && { turn: rule.turn }),
    ...(rule.started === true && { started: true as const }),
    ...(rule.renews === true && { renews: true as const }),
    ...(prompt !== undefined && { prompt: prompt.slice(0, PROMPT_CHARS) }),
    ...(isConversation(conversation) && { conversation }),
    ...(work !== undefined && { work }),
    ...(left !== undefined && { contextLeft: left }),
  };
}

function workOf({ work, workId }: CompiledRule, { source, render, names }: RuleGround): WorkTold | undefined {
  const id = workId === undefined ? undefined : rendered(workId, render, names)?.trim();
  if (work === undefined || id === undefined || id === '') return undefined;
  return { moves: work, id, evidence: EVIDENCE[source.type] };
}

function claimOf(rule: CompiledRule, value: (name?: string) => string | undefined, ground: RuleGround) {
  if (rule.state === undefined) return undefined;
  const { source, trust, at, seenAt, render, names } = ground;
  const message = rule.message === undefined ? undefined : oneLine(rendered(rule.message, render, names));
  const limitText = value(rule.limit);
  return {
    evidence: EVIDENCE[source.type],
    trust,
    rule: rule.name,
    state: rule.state,
    or: rule.or ?? [],
    ...(rule.reason !== undefined && { reason: rule.reason }),
    ...(message !== undefined && message !== '' && { message }),
    ...(rule.failure !== undefined && { failure: rule.failure }),
    ...(limitText !== undefined && { limitText }),
    failedTurn: rule.turn === 'Fails',
    ...(rule.turn === 'Begins' && { beginsTurn: true as const }),
    tense: source.type === 'Hook' || source.type === 'Transcript' ? 'Moment' : 'Present',
    at,
    seenAt,
    ...(rule.holdsSeconds !== undefined && { expiresAt: at + rule.holdsSeconds * 1000 }),
  } satisfies Claim;
}

const EVIDENCE: Readonly<Record<CompiledSource['type'], Evidence>> = {
  Hook: 'hook',
  File: 'file',
  Transcript: 'transcript',
  Title: 'title',
  Screen: 'screen',
  Http: 'http',
};

/** An agent's words may hold anything; a message is one line of printable text. */
function oneLine(text: string | undefined): string | undefined {
  return text
    ?.replaceAll(/\s+/g, ' ')
    .replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '')
    .trim()
    .slice(0, MESSAGE_CHARS);
}

function percent(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text.replace('%', ''));
  return value >= 0 && value <= 100 ? value : undefined;
}
