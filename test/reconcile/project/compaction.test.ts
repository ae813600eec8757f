import { describe, expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { ProjectInput } from '../../../controller/api/decision.ts';
import type { AgentStatus, Compaction } from '../../../controller/api/generated/all.ts';
import type { Mail } from '../../../controller/api/mail.ts';
import { mailOfWord, type Word, wordId } from '../../../controller/api/word.ts';
import type { AgentPlan } from '../../../controller/reconcile/project/agent-plan.ts';
import { type Compacting, planCompaction } from '../../../controller/reconcile/project/compaction.ts';

const NOW = 1_700_000_000_000;
const iso = (ms: number): string => new Date(ms).toISOString();

interface World {
  readonly context?: Record<string, unknown>;
  readonly reading?: Partial<AgentReading> | undefined;
  readonly before?: AgentStatus['context'];
  readonly mails?: readonly Mail[];
  readonly briefing?: boolean;
  readonly now?: number;
  readonly next?: string;
}

function plan(world: World): Compacting {
  const { context = { policy: 'compact', compact: '/compact' }, before, mails = [], now = NOW, next = 'Keep' } = world;
  const read = { agent: 'dev', run: 'r1', state: 'Idle', at: NOW - 50, contextLeft: 7.5, conversation: 'c', turns: {} };
  const reading = 'reading' in world && world.reading === undefined ? undefined : { ...read, ...world.reading };
  const previous = { run: 'r1', ...(before !== undefined && { context: before }) } as AgentStatus;
  const desired = { program: { context }, ...(world.briefing !== false && { briefing: {} }) };
  const view = { name: 'dev', life: { type: 'Running' }, desired, previous, reading };
  const words = new Map(mails.map((mail) => [mail.id, mail]));
  const input = { meta: { name: 'web', uid: 'u' }, observed: { words }, now };
  return planCompaction({ view, next: { type: next } } as unknown as AgentPlan, input as unknown as ProjectInput);
}

function begun(stage: Compaction['stage'], since = NOW - 60_000): NonNullable<AgentStatus['context']> {
  return { left: 7, compaction: { since: iso(since), conversation: 'c', stage } };
}

function said({ words }: Compacting, state: Mail['state'], more: Partial<Mail> = {}): Mail {
  const [word] = words as readonly [Word];
  return { ...mailOfWord(word, 'text', NOW), sequence: 1, ...more, state };
}

const topics = ({ words }: Compacting): string[] => words.map(({ topic }) => topic);

describe('[S133] a context that is nearly full', () => {
  test('is compacted once the agent is idle, by the text of its class as it stands', () => {
    const { context, words, events } = plan({});
    expect(context).toEqual({ left: 7, compaction: { since: iso(NOW), conversation: 'c', stage: 'Compacting' } });
    expect(words).toMatchObject([{ topic: 'compact', text: '/compact', manner: { plain: true, onlyIdle: true } }]);
    expect(events).toMatchObject([{ reason: 'ContextLow' }]);
  });

  test.each<[string, World]>([
    ['it works', { reading: { state: 'Busy' } }],
    ['a dialog is open', { reading: { state: 'Waiting' } }],
    ['there is room', { reading: { contextLeft: 10 } }],
    ['nothing was read', { reading: undefined, before: { left: 3 } }],
    ['the program does it by itself', { context: { policy: 'own', compact: '/compact' } }],
    ['the class says nothing', { context: {} }],
    ['it is being ended', { next: 'Ending' }],
  ])('is left alone if %s', (_, world) => {
    expect(plan(world)).toMatchObject({ words: [], events: [] });
    expect(plan(world).context?.compaction).toBeUndefined();
  });

  test('whoever asks again, also after a crash, says the same word', () => {
    const first = plan({});
    const again = plan({ before: first.context, now: NOW + 5000 });
    expect(again.words.map(wordId)).toEqual(first.words.map(wordId));
    expect(again.events).toEqual([]);
    expect(again.context).toEqual(first.context);
  });

  test('the agent is briefed again only when it is idle after it', () => {
    const first = plan({ before: begun('Compacting') });
    const typed = said(first, 'Unconfirmed', { typedAt: NOW, endedAt: NOW + 3000 });
    const asked = { before: begun('Compacting'), mails: [typed], now: NOW + 4000 };
    expect(plan(asked)).toMatchObject({ words: [], dueInMs: 1000 });
    expect(plan({ ...asked, reading: { state: 'Busy', at: NOW + 100 } })).toMatchObject({ words: [] });
    const over = plan({ ...asked, reading: { at: NOW + 3500 } });
    expect(over.words).toMatchObject([{ topic: 'briefing', manner: { onlyIdle: true } }]);
    expect(over.context?.compaction?.stage).toBe('Briefing');
    expect(topics(plan({ ...asked, reading: { contextLeft: 80 } }))).toEqual(['briefing']);
    expect(topics(plan({ ...asked, now: NOW + 33_000 }))).toEqual(['briefing']);
    expect(plan({ ...asked, reading: { at: NOW + 3500 }, briefing: false }).context?.compaction?.stage).toBe('Done');
  });

  test('is done when the briefing is delivered, and nothing more is said while it stays low', () => {
    const briefing = plan({ before: begun('Briefing') });
    expect(topics(briefing)).toEqual(['briefing']);
    const done = plan({ before: begun('Briefing'), mails: [said(briefing, 'Confirmed')] });
    expect(done).toMatchObject({ context: { compaction: { stage: 'Done' } }, words: [] });
    expect(plan({ before: done.context, now: NOW + 9e6 })).toEqual({ context: done.context, words: [], events: [] });
  });

  test('that could not be told is told to a person, and not tried again', () => {
    const first = plan({ before: begun('Compacting') });
    const failed = plan({
      before: begun('Compacting'),
      mails: [said(first, 'DeadLetter', { reason: 'NotSubmitted' })],
    });
    expect(failed.events).toMatchObject([{ type: 'Warning', reason: 'CompactionFailed' }]);
    expect(plan({ before: failed.context })).toMatchObject({ words: [], events: [] });
  });

  test('counts anew once there was room, or in another conversation', () => {
    const roomy = plan({ before: begun('Done'), reading: { contextLeft: 80 } });
    expect(roomy.context).toEqual({ left: 80 });
    const first = plan({ before: begun('Compacting') });
    expect(plan({ before: roomy.context }).words.map(wordId)).not.toEqual(first.words.map(wordId));
    const other = plan({ before: begun('Done'), reading: { conversation: 'd' } });
    expect(other.context?.compaction).toMatchObject({ conversation: 'd', stage: 'Compacting', since: iso(NOW) });
  });
});
