import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { DIALECT_NAMES, eventsOf, post, textOf } from './client.ts';
import { echoOf } from './pieces.ts';
import { type ModelApi, startModelApi } from './start-model-api.ts';

let api: ModelApi;
beforeEach(async () => {
  api = await startModelApi();
});
afterEach(() => api.close());

const says = (label: string, ...messages: readonly string[]) => ({
  base: api.url(label),
  says: messages,
  streams: true,
});
const statusOf = async (label: string) => (await post('chat', says(label, 'Hello'))).status;
const stalls = (count: number) =>
  eventually(
    () => api.stalled('a') === count || undefined,
    () => `${count} stalled requests`,
    2000,
  );

test('behaviours are taken one a request, in order, and then it echoes again', async () => {
  api.queue('a', { type: 'failure', failure: 'overloaded', times: 2 }, { type: 'status', status: 418, body: 'tea' });
  api.queue('a', { type: 'text', text: 'Fixed' });
  expect([await statusOf('a'), await statusOf('a'), await statusOf('a')]).toEqual([529, 529, 418]);
  expect(textOf('chat', await (await post('chat', says('a', 'Hello'))).text())).toBe('Fixed');
  expect(textOf('chat', await (await post('chat', says('a', 'Hello'))).text())).toBe(echoOf('Hello'));
});

test('a behaviour for the next request after a tool is kept from one in which a prompt asks', async () => {
  api.queue('a', { type: 'text', text: 'Later', asks: 'tool-result' }, { type: 'text', text: 'Now', asks: 'prompt' });
  expect(textOf('chat', await (await post('chat', says('a', 'Hello'))).text())).toBe('Now');
  expect(textOf('chat', await (await post('chat', says('a', 'Hello'))).text())).toBe(echoOf('Hello'));
  expect(api.clear('a')).toBe(1);
});

test('an echo is too short to be taken for a model that says the same over and over', () => {
  // Gemini CLI 0.61.0 puts a turn aside in which the same 50 characters came ten times.
  expect(echoOf('wide words '.repeat(55)).length).toBeLessThan(110);
  expect(echoOf('Do it\nnow')).toMatch(/^ECHO [0-9a-f]{8} Do it$/);
});

test('each label has its own behaviours and requests', async () => {
  api.queue('a', { type: 'failure', failure: 'forbidden' });
  expect(await statusOf('b')).toBe(200);
  expect(await statusOf('a')).toBe(403);
  expect(api.requests('b')).toHaveLength(1);
});

test('clear takes back what no request has met', async () => {
  api.queue('a', { type: 'failure', failure: 'forbidden', times: 5 });
  expect(await statusOf('a')).toBe(403);
  expect(api.clear('a')).toBe(4);
  expect(await statusOf('a')).toBe(200);
});

test.each(DIALECT_NAMES)('a request without tools is a side request and meets no behaviour (%s)', async (dialect) => {
  api.queue('a', { type: 'failure', failure: 'unauthorized' });
  const side = await post(dialect, { ...says('a', 'A title, please'), tools: false });
  expect(textOf(dialect, await side.text())).toBe(echoOf('A title, please'));
  expect((await post(dialect, says('a', 'Hello'))).status).toBe(401);
  expect(api.requests('a')).toMatchObject([
    { main: false, answeredBy: 'side' },
    { main: true, answeredBy: 'failure' },
  ]);
  expect(api.prompts('a')).toEqual(['Hello']);
});

test('a prompt counts once, however often it is sent again and carried along', async () => {
  await post('anthropic', says('a', 'One'));
  await post('anthropic', says('a', 'One'));
  await post('anthropic', says('a', 'One', 'Two'));
  await post('anthropic', says('a', 'One', 'Two', 'Two'));
  expect(api.prompts('a')).toEqual(['One', 'Two', 'Two']);
});

test('a new conversation counts from its beginning', async () => {
  await post('anthropic', says('a', 'One', 'Two'));
  await post('anthropic', says('a', 'Three'));
  expect(api.prompts('a')).toEqual(['One', 'Two', 'Three']);
});

test('what a program adds to the conversation is no prompt', async () => {
  const reminder = '<system-reminder>Today is a day.</system-reminder>';
  const place = '<environment_context>\n  <cwd>/x</cwd>\n</environment_context>';
  await post('responses', says('a', place, reminder, 'Hello'));
  expect(api.prompts('a')).toEqual(['Hello']);
});

test('a stall before the headers sends nothing until it is released', async () => {
  api.queue('a', { type: 'stall', where: 'headers' });
  let answered = false;
  const response = post('chat', says('a', 'Hello')).finally(() => {
    answered = true;
  });
  await stalls(1);
  expect(answered).toBe(false);
  expect(api.release('a')).toBe(1);
  expect(textOf('chat', await (await response).text())).toBe(echoOf('Hello'));
  expect(api.release('a')).toBe(0);
});

test('a stall in mid stream sends half of the text, and the rest when it is released', async () => {
  api.queue('a', { type: 'stall', where: 'stream' });
  const response = await post('anthropic', says('a', 'Hello'));
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let body = '';
  while (textOf('anthropic', `\n${body}`) === '') body += (await reader.read()).value ?? '';
  expect(eventsOf(body).map(({ type }) => type)).not.toContain('message_stop');
  api.release('a');
  for (let part = await reader.read(); !part.done; part = await reader.read()) body += part.value;
  expect(textOf('anthropic', body)).toBe(echoOf('Hello'));
  expect(eventsOf(body).at(-1)).toEqual({ type: 'message_stop' });
});

test('a stalled request whose client has gone waits no longer', async () => {
  api.queue('a', { type: 'stall', where: 'headers' });
  const abort = new AbortController();
  const response = post('chat', { ...says('a', 'Hello'), signal: abort.signal });
  await stalls(1);
  abort.abort();
  await expect(response).rejects.toThrow();
  await stalls(0);
});

test('a drop before the headers is a reset connection', async () => {
  api.queue('a', { type: 'drop', where: 'headers' });
  await expect(post('chat', says('a', 'Hello'))).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
});

test.each(DIALECT_NAMES)('a drop in mid stream comes after some of the text (%s)', async (dialect) => {
  api.queue('a', { type: 'drop', where: 'stream' });
  const response = await post(dialect, says('a', 'Hello you there'));
  let body = '';
  const read = async () => {
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) body += part;
  };
  await expect(read()).rejects.toThrow();
  expect(echoOf('Hello you there')).toContain(textOf(dialect, `\n${body}`));
  expect(textOf(dialect, `\n${body}`)).toMatch(/^ECHO/);
});

test('an answer can take its time', async () => {
  api.queue('a', { type: 'text', text: 'one two three four', pauseMs: 20 });
  const begun = performance.now();
  await (await post('chat', says('a', 'Hello'))).text();
  expect(performance.now() - begun).toBeGreaterThan(70);
});

test('a packed request is read too', async () => {
  const body = gzipSync(JSON.stringify({ messages: [{ role: 'user', content: 'Packed' }], tools: [{}] }));
  const headers = { 'content-encoding': 'gzip' };
  await fetch(`${api.url('a')}/v1/chat/completions`, { method: 'POST', body, headers });
  expect(api.prompts('a')).toEqual(['Packed']);
});

test('a GET of the Responses URL is told to use POST, and what nobody speaks is not found', async () => {
  expect((await fetch(`${api.url('a')}/v1/responses`)).status).toBe(426);
  expect((await fetch(`${api.url('a')}/v1/models`)).status).toBe(404);
  expect(api.requests('a')).toMatchObject([
    { dialect: 'other', path: '/v1/responses' },
    { dialect: 'other', path: '/v1/models' },
  ]);
});

test('closing cuts a request that stalls', async () => {
  const other = await startModelApi();
  other.queue('a', { type: 'stall', where: 'headers' });
  const response = post('chat', { base: other.url('a'), says: ['Hello'] });
  const refused = expect(response).rejects.toThrow();
  await eventually(
    () => other.stalled('a') === 1 || undefined,
    () => 'the request',
    2000,
  );
  await other.close();
  await refused;
});
