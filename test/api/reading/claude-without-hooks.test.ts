import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentClass, Source } from '../../../controller/api/generated/all.ts';
import type { Said } from '../../../controller/api/reading/claim.ts';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { type Ground, sayOfRecord, sayOfText } from '../../../controller/api/reading/evaluate.ts';
import { NO_MEMORY, remember } from '../../../controller/api/reading/memory.ts';
import { readAgent } from '../../../controller/api/reading/read-agent.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';

const { metadata, spec } = parse(
  readFileSync(new URL('../../../manifests/presets/claude.yaml', import.meta.url), 'utf8'),
) as AgentClass;
const { reading } = compileReading(metadata.name, spec);

const FAILED_AT = 1_700_000_000_000;
/** Its file says so late that the turn is over. */
const RESTED_AT = FAILED_AT + 54;

function groundOf(type: Source['type'], at: number, seenAt: number): Ground {
  const trust = reading?.sources.findIndex((source) => source.type === type) ?? -1;
  const source = reading?.sources[trust];
  if (source === undefined) throw new Error(`no source ${type}`);
  return { source, trust, render: renderLoosely, variables: { pid: 7 }, at, seenAt };
}

/** What transcript, file and title say together so many milliseconds after its turn failed. */
function stateAfter(ms: number, record: object, status = 'idle'): string {
  if (reading === undefined) throw new Error('no reading');
  const now = FAILED_AT + ms;
  const told = sayOfRecord(record, groundOf('Transcript', FAILED_AT, FAILED_AT));
  const file = sayOfRecord({ pid: 7, status }, groundOf('File', RESTED_AT, now));
  const title = sayOfText('✳ work', groundOf('Title', now, now));
  const said = [told, file, title].filter((one): one is Said => one !== undefined);
  const claims = said.flatMap(({ claim }) => claim ?? []);
  const memory = told === undefined ? NO_MEMORY : remember(NO_MEMORY, told);
  const run = { agent: 'a', run: 'r', promptGiven: false, startedAt: FAILED_AT - 60_000, printedAt: 0, now };
  const { state, reason } = readAgent({ ...run, reading, claims, memory });
  return reason === undefined ? state : `${state}/${reason}`;
}

function failed(error: string, text: string): object {
  return { type: 'assistant', isApiErrorMessage: true, error, message: { content: [{ type: 'text', text }] } };
}

const LIMIT = failed('rate_limit', "You've hit your 5-hour limit · resets 11am (UTC)");

test.each([
  ['Limited/UsageLimit', LIMIT],
  ['NeedsAuth/LoginLost', failed('authentication_failed', 'Invalid API key · Fix external API key')],
])('Claude Code that switched off its hooks is %s for as long as it rests after its turn', (state, record) => {
  expect(stateAfter(1000, record)).toBe(state);
  expect(stateAfter(60_000, record)).toBe(state);
});

test('it is so no more once it works again', () => {
  expect(stateAfter(60_000, LIMIT, 'busy')).toBe('Busy');
});
