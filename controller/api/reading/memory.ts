import type { TakenPrompt, Turns } from '../agent-reading.ts';
import type { Said, WorkTold } from './claim.ts';

/** What is remembered of a run beside its state. */
export interface Memory {
  readonly turns: Turns;
  readonly conversation?: string;
  /** A record told that the program has come up. */
  readonly started?: true;
  readonly contextLeft?: number;
  /** What last moved of each work beside the turns, the newest last. */
  readonly work: readonly KnownWork[];
  /** Of what began before nobody can tell any more whether it ended, in milliseconds since the epoch. */
  readonly workFrom?: number;
  /** When a record last told of anything, in milliseconds since the epoch. */
  readonly movedAt: number;
}

export interface KnownWork extends WorkTold {
  readonly rule: string;
  readonly at: number;
}

export const NO_MEMORY: Memory = { turns: { prompts: [] }, work: [], movedAt: 0 };

const MAX_PROMPTS = 50;
const MAX_WORK = 200;
/** Two sources that tell of the same prompt do so within this time, in milliseconds. */
const SAME_PROMPT_MS = 5000;

/** Takes up what a record or a text said. The order of what different sources say does not matter. */
export function remember(memory: Memory, said: Said): Memory {
  const { turn, at, conversation, started, contextLeft } = said;
  const prompts = withPrompt(memory.turns.prompts, said);
  const isLast = turn !== undefined && at >= (memory.turns.lastAt ?? 0);
  return {
    ...memory,
    work: withWork(memory.work, said),
    turns: { ...memory.turns, prompts, ...(isLast && { last: turn, lastAt: at }) },
    ...(memory.conversation === undefined && conversation !== undefined && { conversation }),
    ...(started && { started }),
    ...(contextLeft !== undefined && { contextLeft }),
    movedAt: Math.max(memory.movedAt, at),
  };
}

/** Of a record from before the run only the prompt is of use. */
export function rememberEarlier(memory: Memory, said: Said | undefined): Memory {
  if (said?.prompt === undefined) return memory;
  const earlier = withPrompt(memory.turns.earlier ?? [], said);
  return { ...memory, turns: { ...memory.turns, earlier } };
}

function withPrompt(prompts: readonly TakenPrompt[], { prompt, at }: Said): readonly TakenPrompt[] {
  if (prompt === undefined) return prompts;
  const isKnown = prompts.some(({ text, at: then }) => text === prompt && Math.abs(then - at) < SAME_PROMPT_MS);
  if (isKnown) return prompts;
  return [...prompts, { at, text: prompt }].sort((a, b) => a.at - b.at).slice(-MAX_PROMPTS);
}

function withWork(known: readonly KnownWork[], { work, rule, at }: Said): readonly KnownWork[] {
  if (work === undefined) return known;
  const before = known.find(({ id }) => id === work.id);
  if (before !== undefined && before.at > at) return known;
  const others = known.filter(({ id }) => id !== work.id);
  return [...others, { ...work, rule, at }].sort((a, b) => a.at - b.at).slice(-MAX_WORK);
}

/** Records from before were left out, that may have told of an end. */
export function forgetWork(memory: Memory, before: number): Memory {
  return { ...memory, workFrom: Math.max(before, memory.workFrom ?? 0) };
}

/** The work that began last and has not ended, as far as that can be known. */
export function unfinishedWork({ work, workFrom = 0 }: Memory): KnownWork | undefined {
  return work.findLast(({ moves, at }) => moves === 'Begins' && at >= workFrom);
}
