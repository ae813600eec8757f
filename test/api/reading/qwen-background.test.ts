import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentClass } from '../../../controller/api/generated/all.ts';
import type { Said } from '../../../controller/api/reading/claim.ts';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { sayOfRecord } from '../../../controller/api/reading/evaluate.ts';
import { NO_MEMORY, remember } from '../../../controller/api/reading/memory.ts';
import { readAgent } from '../../../controller/api/reading/read-agent.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';

const { metadata, spec } = parse(
  readFileSync(new URL('../../../manifests/presets/qwen.yaml', import.meta.url), 'utf8'),
) as AgentClass;
const { reading } = compileReading(metadata.name, spec);

interface Told {
  readonly from: 'Hook' | 'Transcript';
  readonly at: number;
  readonly record: object;
}

function said({ from, at, record }: Told): Said {
  const trust = reading?.sources.findIndex(({ type }) => type === from) ?? -1;
  const source = reading?.sources[trust];
  if (source === undefined) throw new Error(`no source ${from}`);
  const found = sayOfRecord(record, { source, trust, render: renderLoosely, variables: {}, at, seenAt: at });
  if (found === undefined) throw new Error('no rule fits');
  return found;
}

function readingOf(told: readonly Told[]) {
  if (reading === undefined) throw new Error('no reading');
  const all = told.map(said);
  const last = (from: Told['from']) =>
    all.filter((_, index) => told[index]?.from === from).findLast(({ claim }) => claim);
  const claims = [last('Hook'), last('Transcript')].flatMap((one) => one?.claim ?? []);
  const run = { agent: 'a', run: 'r', promptGiven: false, startedAt: 0, printedAt: 0, now: 10_000 };
  const { state, reason } = readAgent({ ...run, reading, claims, memory: all.reduce(remember, NO_MEMORY) });
  return reason === undefined ? state : `${state}/${reason}`;
}

const OUTPUT = 'Background shell started.\nid: bg_35b6102e\npid: 211\noutput file: /tmp/shell-bg_35b6102e.output';
const RAN = { hook_event_name: 'PostToolUse', tool_name: 'run_shell_command', tool_response: { llmContent: OUTPUT } };
const result = { functionResponse: { name: 'run_shell_command', response: { output: OUTPUT } } };
const note = { text: '<task-notification>\n<task-id>bg_35b6102e</task-id>\n<kind>shell</kind>' };

const PROMPT: Told = { from: 'Hook', at: 1000, record: { hook_event_name: 'UserPromptSubmit', prompt: 'Begin' } };
const BEGUN: Told = { from: 'Hook', at: 2000, record: RAN };
const RECORDED: Told = {
  from: 'Transcript',
  at: 2100,
  record: { type: 'tool_result', message: { role: 'user', parts: [result] } },
};
const STOP: Told = { from: 'Hook', at: 3000, record: { hook_event_name: 'Stop' } };
const ENDED: Told = {
  from: 'Transcript',
  at: 4000,
  record: { type: 'system', subtype: 'notification', message: { role: 'user', parts: [note] } },
};
const STOP_AGAIN: Told = { ...STOP, at: 5000 };

test('Qwen Code whose turn is over is busy with a command in the background, though its transcript does not tell of it yet', () => {
  expect(readingOf([PROMPT, BEGUN])).toBe('Busy');
  expect(readingOf([PROMPT, BEGUN, STOP])).toBe('Busy/BackgroundWork');
  expect(readingOf([PROMPT, BEGUN, STOP, RECORDED])).toBe('Busy/BackgroundWork');
});

test('it is idle once it was told of the end, whichever record came first', () => {
  expect(readingOf([PROMPT, BEGUN, STOP, ENDED, STOP_AGAIN])).toBe('Idle');
  expect(readingOf([PROMPT, BEGUN, STOP, RECORDED, ENDED, STOP_AGAIN])).toBe('Idle');
});

test('a command that an agent of its own began, and one that is over, are no work of its own', () => {
  const other: Told = { ...BEGUN, record: { ...RAN, agent_id: 'general-purpose-1' } };
  const over: Told = { ...BEGUN, record: { ...RAN, tool_response: { llmContent: 'done' } } };
  expect(readingOf([PROMPT, other, STOP])).toBe('Idle');
  expect(readingOf([PROMPT, over, STOP])).toBe('Idle');
});

/** What a person has go on in the background by a key, whatever the command says. */
const LATER = [
  'Foreground command "sh wait.sh\necho x promoted to background as bg_1." promoted to background as bg_7cc2e13c.',
  'Status: running. PID: 186.',
  'Output snapshot at promote time saved to: /tmp/shell-bg_7cc2e13c.output',
].join('\n');

test('it is as busy with a command that a person has go on in the background', () => {
  const begun: Told = { ...BEGUN, record: { ...RAN, tool_response: { llmContent: LATER } } };
  const parts = [{ functionResponse: { name: 'run_shell_command', response: { output: LATER } } }];
  const recorded: Told = { ...RECORDED, record: { type: 'tool_result', message: { role: 'user', parts } } };
  const text = note.text.replace('bg_35b6102e', 'bg_7cc2e13c');
  const ended: Told = { ...ENDED, record: { ...ENDED.record, message: { role: 'user', parts: [{ text }] } } };
  for (const told of [[begun], [recorded], [begun, recorded]]) {
    expect(readingOf([PROMPT, ...told, STOP])).toBe('Busy/BackgroundWork');
    expect(readingOf([PROMPT, ...told, STOP, ended, STOP_AGAIN])).toBe('Idle');
  }
});

test('what a command prints of commands in the background is no work', () => {
  for (const printed of [OUTPUT, LATER]) {
    const over: Told = { ...BEGUN, record: { ...RAN, tool_response: { llmContent: `$ cat log\n${printed}` } } };
    expect(readingOf([PROMPT, over, STOP])).toBe('Idle');
  }
});
