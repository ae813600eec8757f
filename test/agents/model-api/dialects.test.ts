import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FailureName } from './behaviour.ts';
import { DIALECT_NAMES, eventsOf, post, textOf, type Wired } from './client.ts';
import type { DialectName } from './dialects/dialect.ts';
import { echoOf } from './pieces.ts';
import { type ModelApi, startModelApi } from './start-model-api.ts';

let api: ModelApi;
beforeAll(async () => {
  api = await startModelApi();
});
afterAll(() => api.close());

describe.each(DIALECT_NAMES)('%s', (dialect) => {
  const label = `d-${dialect}`;
  const turn = (streams: boolean) => ({ base: api.url(label), says: ['First', 'Größe of\n$HOME?'], streams });

  test.each([true, false])('answers with an echo of the newest message (streamed: %s)', async (streams) => {
    const response = await post(dialect, turn(streams));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(streams ? 'text/event-stream' : 'application/json');
    expect(textOf(dialect, await response.text())).toBe(echoOf('Größe of\n$HOME?'));
  });

  test('says whose request it was and what it asked', async () => {
    await (await post(dialect, turn(true))).text();
    expect(api.requests(label).at(-1)).toMatchObject({
      label,
      dialect,
      main: true,
      model: 'model-1',
      auth: { anthropic: 'x-api-key', responses: 'authorization', chat: 'authorization', gemini: 'x-goog-api-key' }[
        dialect
      ],
      userText: 'Größe of\n$HOME?',
      asks: 'prompt',
      answeredBy: 'echo',
    });
  });

  test.each([true, false])('calls a tool (streamed: %s)', async (streams) => {
    api.queue(label, { type: 'tool', name: 'run', input: { command: 'echo "1"' }, text: 'Let me look.' });
    const body = await (await post(dialect, turn(streams))).text();
    expect(textOf(dialect, body)).toBe('Let me look.');
    expect(streams ? streamedCall[dialect](eventsOf(body)) : jsonCall[dialect](JSON.parse(body))).toEqual({
      name: 'run',
      input: { command: 'echo "1"' },
    });
  });

  test.each([true, false])('calls several tools at once, each by an id of its own (streamed: %s)', async (streams) => {
    const and = [{ name: 'walk', input: { far: 2 } }];
    api.queue(label, { type: 'tool', name: 'run', input: { far: 1 }, and });
    const body = await (await post(dialect, turn(streams))).text();
    for (const text of ['"run"', '"walk"', 'far']) expect(body).toContain(text);
    const ids = [...body.matchAll(/"(?:id|call_id)":"((?:call|toolu)_\w+)"/g)].map(([, id]) => id);
    if (dialect !== 'gemini') expect(new Set(ids).size).toBe(2);
  });

  test.each(Object.entries(STATUS[dialect]))('refuses as the service does: %s', async (failure, status) => {
    api.queue(label, { type: 'failure', failure: failure as FailureName, retryAfter: 7, resetsAt: 1_800_000_000 });
    const response = await post(dialect, turn(true));
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toHaveProperty('error.message');
  });
});

test('a usage limit says when it ends, where each program looks for it', async () => {
  const soon = Math.floor(Date.now() / 1000) + 3600;
  const refused = (dialect: DialectName) => {
    api.queue('limit', { type: 'failure', failure: 'usage-limited', resetsAt: soon });
    return post(dialect, { base: api.url('limit'), says: ['Hello'] });
  };
  const headers = Object.fromEntries((await refused('anthropic')).headers);
  expect(headers).toMatchObject({
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-reset': String(soon),
    'anthropic-ratelimit-unified-representative-claim': 'five_hour',
  });
  const openai = (await (await refused('responses')).json()) as Wired;
  expect(openai.error).toMatchObject({ type: 'usage_limit_reached', resets_at: soon });
  const google = (await (await refused('gemini')).json()) as Wired;
  expect(google.error.details[1].retryDelay).toMatch(/^3(600|59\d)s$/);
});

test('a rate limit says how long to wait', async () => {
  api.queue('rate', { type: 'failure', failure: 'rate-limited', retryAfter: 7 });
  const response = await post('anthropic', { base: api.url('rate'), says: ['Hello'] });
  expect(response.headers.get('retry-after')).toBe('7');
});

const COMMON = {
  unauthorized: 401,
  forbidden: 403,
  'rate-limited': 429,
  'usage-limited': 429,
  'context-full': 400,
  'model-unknown': 404,
  'server-error': 500,
  overloaded: 529,
  unavailable: 503,
};
const STATUS: Readonly<Record<DialectName, Readonly<Record<FailureName, number>>>> = {
  anthropic: { ...COMMON, revoked: 403, 'quota-exceeded': 400 },
  responses: { ...COMMON, revoked: 401, 'quota-exceeded': 429 },
  chat: { ...COMMON, revoked: 401, 'quota-exceeded': 429 },
  gemini: { ...COMMON, revoked: 400, 'quota-exceeded': 429 },
};

const parsed = (name: string, input: string) => ({ name, input: JSON.parse(input) as unknown });

const jsonCall: Readonly<Record<DialectName, (body: Wired) => unknown>> = {
  anthropic: ({ content: [, { name, input }] }) => ({ name, input }),
  responses: ({ output: [, call] }) => parsed(call.name, call.arguments),
  chat: ({ choices: [{ message }] }) =>
    parsed(message.tool_calls[0].function.name, message.tool_calls[0].function.arguments),
  gemini: ({ candidates: [{ content }] }) => ({
    name: content.parts[1].functionCall.name,
    input: content.parts[1].functionCall.args,
  }),
};

const streamedCall: Readonly<Record<DialectName, (events: Wired[]) => unknown>> = {
  anthropic: (events) =>
    parsed(
      events.find(({ content_block: block }) => block?.type === 'tool_use').content_block.name,
      events.find(({ delta }) => delta?.type === 'input_json_delta').delta.partial_json,
    ),
  responses: (events) => jsonCall.responses(events.find(({ type }) => type === 'response.completed').response),
  chat: (events) => {
    const call = events.find(({ choices }) => choices[0]?.delta.tool_calls).choices[0].delta.tool_calls[0].function;
    return parsed(call.name, call.arguments);
  },
  gemini: (events) => {
    const part = events.map(({ candidates }) => candidates[0].content.parts[0]).find((one) => one.functionCall);
    return { name: part.functionCall.name, input: part.functionCall.args };
  },
};
