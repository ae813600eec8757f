/** What is known of one run from all its sources: the claims in force, and what is remembered. Pure but for its memory. */
import type { Claim, Said } from '../../api/reading/claim.ts';
import type { CompiledReading } from '../../api/reading/compile.ts';
import { conversationOf, type Ground, type Render, sayOfRecord, sayOfText } from '../../api/reading/evaluate.ts';
import { forgetWork, type Memory, NO_MEMORY, remember, rememberEarlier } from '../../api/reading/memory.ts';
import type { TimedRecord } from './eyes.ts';

export interface Evidence {
  readonly memory: () => Memory;
  readonly claims: () => readonly Claim[];
  /** Takes up what a program appended. A record of another conversation, or of an earlier run, is none of this agent's. */
  records(trust: number, records: readonly TimedRecord[]): void;
  /** Takes up what is so now; `undefined`: the source is not there. */
  present(trust: number, value: { readonly value: unknown; readonly since: number } | undefined, seenAt: number): void;
  /** Takes up a title or a screen. */
  text(trust: number, text: string, seenAt: number, isOwn?: (from: number, to: number) => boolean): void;
  /** It was looked at again, and is as it was. */
  seen(trust: number, seenAt: number): void;
  /** The source says nothing any more. */
  drop(trust: number): void;
  /** What a field of the newest hook record that has it says. */
  field(name: string): string | undefined;
}

export interface EvidenceOptions {
  readonly reading: CompiledReading;
  readonly startedAt: number;
  readonly conversation: string | undefined;
  /** What a controller before this one said of the same run: what still shows has shown since then. */
  readonly before?: KnownClaim | undefined;
  readonly render: Render;
  readonly variables: () => Readonly<Record<string, unknown>>;
}

export interface KnownClaim {
  readonly evidence: string;
  readonly rule: string;
  readonly at: number;
}

export function createEvidence(options: EvidenceOptions): Evidence {
  const { reading, startedAt, conversation, before: known, render, variables } = options;
  const claims = new Map<number, Claim>();
  const fields = new Map<string, string>();
  const met = new Set<string>();
  const asked = new Set(reading.sources.flatMap(({ pathFrom }) => pathFrom ?? []));
  let memory: Memory = { ...NO_MEMORY, ...(conversation !== undefined && { conversation }) };

  function ground(trust: number, at: number, seenAt: number): Ground | undefined {
    const source = reading.sources[trust];
    return source && { source, trust, render, variables: variables(), at, seenAt };
  }

  function moment(trust: number, { at, value, timed, old, first }: TimedRecord): void {
    const here = ground(trust, at, at);
    if (here === undefined || (old && !timed)) return;
    if (first && timed && here.source.rules.some(({ work }) => work === 'Ends')) memory = forgetWork(memory, at);
    if (at < startedAt) {
      memory = rememberEarlier(memory, sayOfRecord(value, here));
      return;
    }
    const of = conversationOf(value, here.source);
    const said = sayOfRecord(value, here);
    if (of !== undefined && memory.conversation !== undefined && of !== memory.conversation) {
      if (said?.renews !== true || said.conversation === undefined) return;
      memory = { ...memory, conversation: said.conversation };
    }
    for (const name of here.source.type === 'Hook' ? asked : []) {
      const said = (value as Readonly<Record<string, unknown>>)[name];
      if (typeof said === 'string' && said !== '') fields.set(name, said);
    }
    memory = remember(memory, said ?? { rule: '', at });
    const before = claims.get(trust);
    if (said?.claim === undefined || said.claim.at < (before?.at ?? 0) || restsAsBefore(before, said)) return;
    claims.set(trust, said.claim);
  }

  /** What is so goes on being so since it was first seen. */
  function since(trust: number, said: Said | undefined): void {
    const before = claims.get(trust);
    const claim = said?.claim;
    if (claim === undefined) claims.delete(trust);
    else if (before === undefined) claims.set(trust, { ...claim, at: knownSince(claim) });
    else if (!isSame(before, claim)) claims.set(trust, claim);
    else claims.set(trust, { ...claim, at: before.at, ...(before.expiresAt && { expiresAt: before.expiresAt }) });
    if (said?.contextLeft !== undefined) memory = { ...memory, contextLeft: said.contextLeft };
  }

  /** It is met for the first time, but may have been seen before. */
  function knownSince({ evidence, rule, at }: Claim): number {
    if (met.has(evidence)) return at;
    met.add(evidence);
    return known?.evidence === evidence && known.rule === rule ? Math.min(at, known.at) : at;
  }

  return {
    memory: () => memory,
    claims: () => [...claims.values()],
    records(trust, records) {
      for (const record of records) moment(trust, record);
    },
    present(trust, found, seenAt) {
      const here = ground(trust, found?.since ?? seenAt, seenAt);
      const said = found === undefined || here === undefined ? undefined : sayOfRecord(found.value, here);
      since(trust, said);
      // What the program keeps for this very process knows its conversation better than what is appended by many.
      if (said?.conversation !== undefined) memory = { ...memory, conversation: said.conversation };
    },
    text(trust, text, seenAt, isOwn) {
      const here = ground(trust, seenAt, seenAt);
      since(trust, here === undefined ? undefined : sayOfText(text, here, isOwn));
    },
    seen(trust, seenAt) {
      const claim = claims.get(trust);
      if (claim !== undefined) claims.set(trust, { ...claim, seenAt: Math.max(seenAt, claim.seenAt) });
    },
    drop: (trust) => void claims.delete(trust),
    field: (name) => fields.get(name),
  };
}

function isSame(before: Claim, now: Claim): boolean {
  return before.rule === now.rule && before.message === now.message && before.limitText === now.limitText;
}

/** That an agent rests which may rest for its failed turn tells nothing new: the turn stays failed. */
function restsAsBefore(before: Claim | undefined, { claim, turn }: Said): boolean {
  if (before?.failedTurn !== true || turn !== undefined) return false;
  return claim?.state === 'Idle' && claim.or.includes(before.state);
}
