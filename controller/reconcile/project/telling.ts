import type { ProjectInput } from '../../api/decision.ts';
import { hasEnded } from '../../api/mail.ts';
import { agentUid } from '../../api/metadata.ts';
import { runStartedAt } from '../../api/observed.ts';
import { type Word, wordId } from '../../api/word.ts';
import type { AgentPlan } from './agent-plan.ts';

export interface Telling {
  readonly words: readonly Word[];
  readonly dueInMs?: number;
}

/** Between two looks at what has become of a word, in milliseconds. */
const AGAIN_MS = 1000;

/**
 * An agent that goes on with its conversation, and whose program takes no prompt for that when it is started, is told it
 * once it is idle. A run is told it once, whoever asks: the word is known by the time of the start.
 */
export function planTelling({ view, next }: AgentPlan, { meta, observed }: ProjectInput): Telling {
  const { desired, reading, life, name } = view;
  if (reading?.untold !== true || desired?.briefing === undefined) return { words: [] };
  if (next.type !== 'Keep' || life.type !== 'Running') return { words: [] };
  const word: Word = {
    project: meta.name,
    projectUid: meta.uid,
    agent: name,
    uid: agentUid(meta.uid, name),
    topic: 'briefing',
    occasion: runStartedAt(reading.run) ?? 0,
    text: {},
    // What the run before was to be told, and was not, is told now.
    manner: { onlyIdle: true, dedupeKey: '@briefing' },
  };
  const mail = observed.words?.get(wordId(word));
  if (mail !== undefined && hasEnded(mail)) return { words: [] };
  return { words: [word], ...(reading.state === 'Idle' && { dueInMs: AGAIN_MS }) };
}
