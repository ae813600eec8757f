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
  const now = FAILED_AT + ms;
  const told = sayOfRecord(record, groundOf('Transcript', FAILED_AT, FAILED_AT));
  const file = sayOfRecord({ pid: 7, status }, groundOf('File', RESTED_AT, now));
  const title = sayOfText('✳ work', groundOf('Title', now, now));
  const { state, reason } = readingOf([told, file, title], now);
  return reason === undefined ? state : `${state}/${reason}`;
}

function readingOf(told: readonly (Said | undefined)[], now: number) {
  if (reading === undefined) throw new Error('no reading');
  const said = told.filter((one): one is Said => one !== undefined);
  const claims = said.flatMap(({ claim }) => claim ?? []);
  const memory = said.reduce(remember, NO_MEMORY);
  const run = { agent: 'a', run: 'r', promptGiven: false, startedAt: FAILED_AT - 60_000, printedAt: 0, now };
  return readAgent({ ...run, reading, claims, memory });
}

/** The shape of a record of what the service refused, as Claude Code 2.1.329 writes it once it has given up. */
function failed(error: string, text: string): object {
  return { type: 'assistant', isApiErrorMessage: true, error, message: { content: [{ type: 'text', text }] } };
}

const LIMIT = failed('rate_limit', "You've hit your 5-hour limit · resets 11am (UTC)");

const OVERLOADED = failed('server_error', 'API Error: Repeated 529 Overloaded errors. Try again in a moment.');

test.each([
  ['Limited/UsageLimit', LIMIT],
  ['NeedsAuth/LoginLost', failed('authentication_failed', 'Invalid API key · Fix external API key')],
  ['NeedsAuth/LoginLost', failed('account_on_hold', 'Your account is on hold')],
  ['NeedsAuth/LoginLost', failed('cloud_credential_error', 'No credentials of the cloud')],
  ['Limited/CreditsExhausted', failed('billing_error', 'Credit balance is too low')],
  ['Waiting/ContextFull', failed('invalid_request', 'Prompt is too long')],
  ['Waiting/TurnFailed', failed('model_not_found', "There's an issue with the selected model (claude-opus-5-5).")],
  [
    'Waiting/TurnFailed',
    failed('rate_limit', 'API Error: Server is temporarily limiting requests (not your usage limit)'),
  ],
  ['Waiting/TurnFailed', OVERLOADED],
])('Claude Code that switched off its hooks is %s for as long as it rests after its turn', (state, record) => {
  expect(stateAfter(1000, record)).toBe(state);
  expect(stateAfter(60_000, record)).toBe(state);
});

test('it is so no more once it works again', () => {
  expect(stateAfter(60_000, LIMIT, 'busy')).toBe('Busy');
  expect(stateAfter(60_000, OVERLOADED, 'busy')).toBe('Busy');
});

test.each([
  ['Transient', OVERLOADED],
  ['Permanent', failed('model_not_found', "There's an issue with the selected model (claude-opus-5-5).")],
  ['Permanent', failed('max_output_tokens', 'API Error: the answer exceeded the maximum')],
])('what its transcript tells of is as %s as its hook says', (failure, record) => {
  const { error, message } = record as { error: string; message: { content: readonly { text: string }[] } };
  const hook = { hook_event_name: 'StopFailure', error, last_assistant_message: message.content[0]?.text };
  const told = [sayOfRecord(record, groundOf('Transcript', FAILED_AT, FAILED_AT))];
  const both = [sayOfRecord(hook, groundOf('Hook', FAILED_AT - 40, FAILED_AT)), ...told];
  for (const said of [told, both]) {
    const reason = { state: 'Waiting', reason: 'TurnFailed', message: message.content[0]?.text };
    expect(readingOf(said, FAILED_AT + 1000)).toMatchObject({ ...reason, failure, turns: { last: 'Fails' } });
  }
});

const PROMPT = {
  type: 'user',
  origin: { kind: 'human' },
  promptSource: 'typed',
  message: { role: 'user', content: '[msg 748a3b8d] Look.' },
};

test('its transcript tells of what it took, once where its hook tells of it as well', () => {
  const told = sayOfRecord(PROMPT, groundOf('Transcript', FAILED_AT, FAILED_AT));
  const hook = { hook_event_name: 'UserPromptSubmit', prompt: PROMPT.message.content };
  const both = [sayOfRecord(hook, groundOf('Hook', FAILED_AT - 40, FAILED_AT)), told];
  for (const said of [[told], both]) {
    expect(readingOf(said, FAILED_AT + 1000).turns).toMatchObject({
      last: 'Begins',
      prompts: [{ text: PROMPT.message.content }],
    });
  }
});
