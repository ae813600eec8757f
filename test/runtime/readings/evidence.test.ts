import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentClass, AgentClassSpec } from '../../../controller/api/generated/all.ts';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { unfinishedWork } from '../../../controller/api/reading/memory.ts';
import { createEvidence, type KnownClaim } from '../../../controller/runtime/readings/evidence.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';

const START = 1_700_000_000_000;
const PROGRAM: AgentClassSpec = {
  reading: {
    sources: [
      {
        type: 'Hook',
        rules: [
          {
            name: 'prompt',
            match: [{ field: 'event', is: 'Prompt' }],
            state: 'Busy',
            prompt: 'text',
            conversation: 'id',
          },
        ],
      },
      {
        type: 'Screen',
        rules: [
          { name: 'limit', pattern: 'hit your limit', state: 'Limited' },
          { name: 'ready', pattern: 'ready', state: 'Idle' },
        ],
      },
    ],
  },
};

function evidence(before?: KnownClaim, program = PROGRAM) {
  const { reading } = compileReading('mine', program);
  if (reading === undefined) throw new Error('the class cannot be used');
  const words = { startedAt: START, conversation: undefined, render: renderLoosely, variables: () => ({}) };
  return createEvidence({ reading, before, ...words });
}

test('of a record from before the run only the prompt counts', () => {
  const found = evidence();
  const record = (at: number, text: string) => ({ at, value: { event: 'Prompt', text }, timed: true, old: false });
  found.records(0, [record(START - 1000, 'earlier'), record(START + 1000, 'now')]);
  const { prompts, earlier = [] } = found.memory().turns;
  expect(prompts).toEqual([{ at: START + 1000, text: 'now' }]);
  expect(earlier).toEqual([{ at: START - 1000, text: 'earlier' }]);
  expect(found.claims()).toMatchObject([{ state: 'Busy', at: START + 1000 }]);
});

test.each(['--dangerously-skip-permissions', '../../another/conversation', '', 'a b', 'x'.repeat(300)])(
  'a conversation is not called %j: it would be an option, or lead to another folder',
  (id) => {
    const found = evidence();
    const record = (name: string) => ({ at: START + 1, value: { event: 'Prompt', id: name }, timed: true, old: false });
    found.records(0, [record(id)]);
    expect(found.memory().conversation).toBeUndefined();
    found.records(0, [record('0191f3a4-7c1b_X')]);
    expect(found.memory().conversation).toBe('0191f3a4-7c1b_X');
  },
);

test('what a controller before this one saw on the screen has been there since then', () => {
  const found = evidence({ evidence: 'screen', rule: 'limit', at: START + 5000 });
  found.text(1, 'you have hit your limit', START + 60_000);
  expect(found.claims()).toMatchObject([{ state: 'Limited', at: START + 5000, seenAt: START + 60_000 }]);
  found.text(1, 'ready', START + 61_000);
  found.text(1, 'you have hit your limit', START + 62_000);
  expect(found.claims()).toMatchObject([{ state: 'Limited', at: START + 62_000 }]);
});

test('what stands there instead has been there since it was seen', () => {
  const found = evidence({ evidence: 'screen', rule: 'limit', at: START + 5000 });
  found.text(1, 'ready', START + 60_000);
  found.text(1, 'you have hit your limit', START + 61_000);
  expect(found.claims()).toMatchObject([{ state: 'Limited', at: START + 61_000 }]);
});

test('work that began before all that is left of a source that tells of ends counts as over', () => {
  const task = { match: [{ field: 'task', exists: true }], workId: '{{ record.task }}' };
  const { reading } = compileReading('mine', {
    reading: {
      sources: [
        { type: 'Hook', rules: [{ ...task, work: 'Begins' }] },
        { type: 'Transcript', path: '/none', rules: [{ ...task, work: 'Ends' }] },
      ],
    },
  });
  if (reading === undefined) throw new Error('the class cannot be used');
  const words = { startedAt: START, conversation: undefined, render: renderLoosely, variables: () => ({}) };
  const found = createEvidence({ reading, before: undefined, ...words });
  const record = (at: number, value: object) => ({ at: START + at, value, timed: true, old: false });
  found.records(0, [record(1, { task: 'early' })]);
  expect(unfinishedWork(found.memory())).toMatchObject({ id: 'early' });
  found.records(1, [{ ...record(5, { text: 'cut off before' }), first: true }]);
  expect(unfinishedWork(found.memory())).toBeUndefined();
  found.records(0, [record(6, { task: 'late' })]);
  expect(unfinishedWork(found.memory())).toMatchObject({ id: 'late' });
  found.records(1, [record(7, { task: 'late' })]);
  expect(unfinishedWork(found.memory())).toBeUndefined();
});

test.each([
  ['claude', { error: 'server_error', last_assistant_message: 'API Error: 529 Overloaded.' }, 'Waiting'],
  ['claude', { error: 'authentication_failed', last_assistant_message: 'Invalid API key' }, 'NeedsAuth'],
  ['claude', { error: 'rate_limit', last_assistant_message: "You've hit your 5-hour limit · resets 9am" }, 'Limited'],
  ['qwen', { error_details: '401 nobody' }, 'NeedsAuth'],
])(
  '%s, whose turn failed (%j), says a minute later that it rests: it is still %s, until a turn begins',
  (name, failure, state) => {
    const preset = new URL(`../../../manifests/presets/${name}.yaml`, import.meta.url);
    const { spec } = parse(readFileSync(preset, 'utf8')) as AgentClass;
    const found = evidence(undefined, spec);
    const hook = (spec.reading?.sources ?? []).findIndex(({ type }) => type === 'Hook');
    const says = (at: number, record: object) =>
      found.records(hook, [{ at: START + at, value: record, timed: true, old: false }]);
    says(1000, { hook_event_name: 'StopFailure', ...failure });
    says(61_000, { hook_event_name: 'Notification', notification_type: 'idle_prompt' });
    expect(found.claims()).toMatchObject([{ state, at: START + 1000 }]);
    says(62_000, { hook_event_name: 'UserPromptSubmit', prompt: 'go on' });
    expect(found.claims()).toMatchObject([{ state: 'Busy' }]);
    says(63_000, { hook_event_name: 'Stop' });
    says(123_000, { hook_event_name: 'Notification', notification_type: 'idle_prompt' });
    expect(found.claims()).toMatchObject([{ state: 'Idle' }]);
  },
);
