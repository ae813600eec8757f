import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentClass } from '../../../controller/api/generated/all.ts';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { type Ground, sayOfRecord, sayOfText } from '../../../controller/api/reading/evaluate.ts';
import { NO_MEMORY, remember } from '../../../controller/api/reading/memory.ts';
import { readAgent } from '../../../controller/api/reading/read-agent.ts';
import { composeArgv } from '../../../controller/template/compose-launch.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';

const { metadata, spec } = parse(
  readFileSync(new URL('../../../manifests/presets/gemini.yaml', import.meta.url), 'utf8'),
) as AgentClass;
const { reading } = compileReading(metadata.name, spec);
const RESUMING = '   Tips\n\n⠼ Resuming session...\n───\n /tmp/work   no sandbox';

function groundOf(type: 'Hook' | 'Screen' | 'Title'): Ground {
  const trust = reading?.sources.findIndex((source) => source.type === type) ?? -1;
  const source = reading?.sources[trust];
  if (source === undefined) throw new Error(`no source ${type}`);
  return { source, trust, render: renderLoosely, variables: {}, at: 1000, seenAt: 1000 };
}

interface Seen {
  readonly records?: readonly object[];
  readonly screen?: string;
  readonly title?: string;
  /** Since its start. */
  readonly ms?: number;
  /** What its hooks said holds no more. */
  readonly endsSaid?: boolean;
}

function stateOf({ records = [], screen = '', title = '◇  Ready (work)', ms = 2000, endsSaid = false }: Seen) {
  if (reading === undefined) throw new Error('no reading');
  const said = records.flatMap((record) => sayOfRecord(record, groundOf('Hook')) ?? []);
  const seen = [sayOfText(screen, groundOf('Screen')), sayOfText(title, groundOf('Title'))];
  const claims = [...(endsSaid ? [] : said), ...seen].flatMap((one) => one?.claim ?? []);
  const memory = said.reduce(remember, NO_MEMORY);
  const run = { agent: 'a', run: 'r', promptGiven: false, startedAt: 0, printedAt: 0, now: ms };
  return readAgent({ ...run, reading, claims, memory }).state;
}

const SESSION = { hook_event_name: 'SessionStart', session_id: 'x', source: 'resume' };

test('Gemini CLI that shows its box and says Ready is still starting until it says that its session has begun', () => {
  expect(stateOf({})).toBe('Starting');
  expect(stateOf({ records: [SESSION] })).toBe('Idle');
});

test('that of one whose title is still that of its last run is told by its session alone', () => {
  expect(stateOf({ title: '' })).toBe('Starting');
  expect(stateOf({ records: [SESSION], title: '' })).toBe('Idle');
  expect(stateOf({ records: [SESSION], title: '✦  Working…' })).toBe('Busy');
});

test('one whose hooks say nothing is what its title says after the time for the start', () => {
  expect(stateOf({ ms: 31_000 })).toBe('Idle');
});

test('Gemini CLI that still takes up its conversation is starting, whatever its title says', () => {
  expect(stateOf({ records: [SESSION], screen: RESUMING })).toBe('Starting');
});

test('one that has begun a turn is never starting again, whatever its sources leave out', () => {
  const prompt = { hook_event_name: 'BeforeAgent', session_id: 'x', prompt: 'Go on' };
  expect(stateOf({ records: [SESSION, prompt], title: '', endsSaid: true })).toBe('Unknown');
});

test('Gemini CLI is told by a message what it is to hear in a conversation that goes on: an argument may miss that one', () => {
  const agent = { class: 'gemini', argv: ['gemini'], args: [], program: spec, env: [] };
  const variables = { prompt: 'Go on', conversation: 'x' };
  expect(composeArgv(agent, 'Start', variables)).toContain('Go on');
  expect(composeArgv(agent, 'Resume', variables)).toEqual(['gemini', '--resume', 'x']);
});
