/** One run that is followed: what is known of it, and when it is looked at next. */
import type { AgentReading } from '../../api/agent-reading.ts';
import type { DesiredAgent } from '../../api/desired.ts';
import type { AgentStatus } from '../../api/generated/all.ts';
import type { Key } from '../../api/key.ts';
import type { PaneMark } from '../../api/observed.ts';
import type { CompiledReading } from '../../api/reading/compile.ts';
import { unfinishedWork } from '../../api/reading/memory.ts';
import type { Evidence, KnownClaim } from './evidence.ts';
import type { Face, PaneRef } from './eyes.ts';
import type { Sources } from './sources.ts';

/** What is known of a run before any source is read. */
export interface RunFacts {
  /** state/agents/UID */
  readonly folder: string;
  readonly hookFile: string;
  /** What the templates of the class know. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The conversation that it was started with. */
  readonly conversation?: string;
  /** Whether it was started with a first prompt. */
  readonly promptGiven: boolean;
  /** Its prompt is to be told by a message. */
  readonly untold?: true;
}

/** An agent of whom nothing moves is looked at as seldom as this, in milliseconds. */
const REST_MS = 5000;
/** An agent counts as moving for so long after it printed or its reading changed, in milliseconds. */
const MOVING_MS = 5000;

export interface KnownRun {
  readonly conversation: string | undefined;
  readonly claim: KnownClaim | undefined;
}

export interface Opened {
  readonly evidence: Evidence;
  readonly sources: Sources;
  readonly facts: RunFacts;
}

export interface Target {
  readonly key: Key;
  readonly agent: DesiredAgent;
  readonly mark: PaneMark;
  readonly pane: PaneRef & { readonly pid: number };
  readonly reading: CompiledReading;
  readonly startedAt: number;
  /** What was said of the run before it was followed. */
  readonly known: KnownRun | undefined;
  opened?: Opened;
  face?: { readonly face: Face; readonly at: number };
  /** What the run before it left behind in the pane: a title outlives the program that set it. */
  leftTitle: string | undefined;
  result?: AgentReading;
  /** Some source has told what it does, to this controller or the one before. */
  heard: boolean;
  readAt: number;
  movedAt: number;
  /** Something may have changed: it is read with the next round, or sooner. */
  hinted: boolean;
  busy: boolean;
  closed: boolean;
  unwatch: (() => void) | undefined;
  cancel: (() => void) | undefined;
  /** Cancels the second look after a record. */
  again: (() => void) | undefined;
}

/** What a target begins with. */
type Unread = Pick<
  Target,
  'heard' | 'readAt' | 'movedAt' | 'hinted' | 'busy' | 'closed' | 'unwatch' | 'cancel' | 'again'
>;

export function createTarget(target: Omit<Target, keyof Unread>, now: number): Target {
  return {
    ...target,
    heard: target.known?.claim !== undefined,
    readAt: 0,
    movedAt: now,
    hinted: false,
    busy: false,
    closed: false,
    unwatch: undefined,
    cancel: undefined,
    again: undefined,
  };
}

export function closeTarget(target: Target): void {
  target.closed = true;
  target.cancel?.();
  target.again?.();
  target.unwatch?.();
}

/** The end of work beside its turns may move nothing on its terminal. */
export function isDue(target: Target, now: number): boolean {
  const work = target.opened && unfinishedWork(target.opened.evidence.memory());
  return target.hinted || work !== undefined || now - target.movedAt < MOVING_MS || now - target.readAt >= REST_MS;
}

/** What the status says of a run that is followed from now on. */
export function knownOf({ conversation, evidence, evidenceAt, rule }: AgentStatus): KnownRun {
  const isKnown = evidence !== undefined && evidenceAt !== undefined && rule !== undefined;
  return { conversation, claim: isKnown ? { evidence, rule, at: Date.parse(evidenceAt) } : undefined };
}
