import { expect, test } from 'vitest';
import type { AgentReading } from '../../../controller/api/agent-reading.ts';
import type { ProjectInput } from '../../../controller/api/decision.ts';
import type { Mail } from '../../../controller/api/mail.ts';
import { mailOfWord, wordId } from '../../../controller/api/word.ts';
import type { AgentPlan } from '../../../controller/reconcile/project/agent-plan.ts';
import { planTelling } from '../../../controller/reconcile/project/telling.ts';

const NOW = 1_700_000_000_000;

interface World {
  readonly reading?: Partial<AgentReading>;
  readonly mails?: readonly Mail[];
  readonly briefing?: boolean;
  readonly next?: string;
}

function plan({ reading, mails = [], briefing = true, next = 'Keep' }: World = {}) {
  const read = { agent: 'dev', run: `${NOW}-ab`, state: 'Idle', at: NOW, untold: true, ...reading };
  const desired = briefing ? { briefing: {} } : {};
  const view = { name: 'dev', life: { type: 'Running' }, desired, reading: read };
  const words = new Map(mails.map((mail) => [mail.id, mail]));
  const input = { meta: { name: 'web', uid: 'u' }, observed: { words }, now: NOW };
  return planTelling({ view, next: { type: next } } as unknown as AgentPlan, input as unknown as ProjectInput);
}

test('an agent whose program took no prompt at its start is told it, when it is idle', () => {
  expect(plan()).toMatchObject({ words: [{ agent: 'dev', topic: 'briefing', text: {}, manner: { onlyIdle: true } }] });
  expect(plan().dueInMs).toBe(1000);
  expect(plan({ reading: { state: 'Starting' } }).dueInMs).toBeUndefined();
});

test.each<[string, World]>([
  ['it was given its prompt when it was started', { reading: { untold: false as unknown as true } }],
  ['there is nothing to tell', { briefing: false }],
  ['it is being ended', { next: 'Ending' }],
])('nothing is said if %s', (_, world) => {
  expect(plan(world).words).toEqual([]);
});

test('a run is told it once, and the next run again', () => {
  const [word] = plan().words;
  if (word === undefined) throw new Error('nothing was said');
  const mail: Mail = { ...mailOfWord(word, 'text', NOW), sequence: 1 };
  expect(plan({ mails: [mail] }).words.map(wordId)).toEqual([mail.id]);
  expect(plan({ mails: [{ ...mail, state: 'Confirmed' }] }).words).toEqual([]);
  expect(plan({ mails: [{ ...mail, state: 'Confirmed' }], reading: { run: `${NOW + 1}-cd` } }).words).toHaveLength(1);
});
