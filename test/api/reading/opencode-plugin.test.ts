import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentClass } from '../../../controller/api/generated/all.ts';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { sayOfRecord } from '../../../controller/api/reading/evaluate.ts';
import { openRecords } from '../../../controller/observe/agent/records.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';
import { renderText } from '../../../controller/template/render-text.ts';

// What the plugin of the preset `opencode` makes of the program's events, and the preset's rules of that.

const { metadata, spec } = parse(
  readFileSync(new URL('../../../manifests/presets/opencode.yaml', import.meta.url), 'utf8'),
) as AgentClass;
const { reading } = compileReading(metadata.name, spec);

interface Plugin {
  readonly muxlet: () => Promise<{ readonly event: (told: { readonly event: unknown }) => Promise<void> }>;
}

let folder: string;
let tell: (type: string, properties?: unknown) => Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mx plugin-'));
  tell = await loaded('r1');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function loaded(run: string): Promise<typeof tell> {
  const text = renderText({ name: 'plugin', text: spec.files?.[0]?.text ?? '' }, { agentDir: folder, run });
  const file = join(folder, `${run}.mjs`);
  writeFileSync(file, text);
  const { muxlet } = (await import(file)) as Plugin;
  const { event } = await muxlet();
  return (type, properties = {}) => event({ event: { type, properties } });
}

/** What each record says, after the one that tells of its start. */
async function said(): Promise<readonly string[]> {
  const records = await openRecords(join(folder, 'hooks.json-seq'), 'Hook', 0).read();
  const source = reading?.sources[0];
  if (source === undefined) throw new Error('no source');
  const ground = { source, trust: 0, render: renderLoosely, variables: {}, at: 0, seenAt: 0 };
  return records.slice(1).map(({ value }) => {
    const { claim, turn, prompt, conversation } = sayOfRecord(value, ground) ?? {};
    const words = [conversation, claim?.state, claim?.reason, turn, prompt, claim?.message].filter((word) => word);
    return words.join(' ');
  });
}

const status = (sessionID: string, type: string, more: object = {}) =>
  tell('session.status', { sessionID, status: { type, ...more } });
const idle = async (sessionID: string) => {
  await status(sessionID, 'idle');
  await tell('session.idle', { sessionID });
};
const asks = (id: string, sessionID: string) =>
  tell('permission.asked', { id, sessionID, permission: 'bash', patterns: ['touch x'] });

test('a turn begins with its prompt, and ends once', async () => {
  await tell('session.created', { info: { id: 'one' } });
  await tell('message.updated', { info: { id: 'm1', role: 'user', sessionID: 'one' } });
  for (const text of ['Say hello', 'Say hello (again)']) {
    await tell('message.part.updated', {
      part: { id: 'p1', type: 'text', messageID: 'm1', sessionID: 'one', text },
    });
  }
  await status('one', 'busy');
  await tell('message.part.updated', {
    part: { id: 'p2', type: 'text', messageID: 'm2', sessionID: 'one', text: 'Hello' },
  });
  await idle('one');
  await idle('one');
  expect(await said()).toEqual(['one Busy Begins Say hello', 'one Busy', 'one Idle Ends']);
});

test.each([
  [{ name: 'APIError', data: { statusCode: 401, message: 'no' } }, 'one NeedsAuth LoginLost Fails no'],
  [{ name: 'APIError', data: { statusCode: 404, message: 'no' } }, 'one Waiting TurnFailed Fails no'],
  [{ name: 'MessageAbortedError', data: { message: 'no' } }, 'one Idle Interrupted Interrupted'],
  [{ name: 'ContextOverflowError', data: { message: 'no' } }, 'one Waiting ContextFull Fails'],
])('a turn that failed is never Idle: %j', async (error, outcome) => {
  await status('one', 'busy');
  await tell('session.error', { sessionID: 'one', error });
  await idle('one');
  expect(await said()).toEqual(['one Busy', outcome]);
  await status('one', 'busy');
  await idle('one');
  expect((await said()).at(-1)).toBe('one Idle Ends');
});

test('of two permissions the second is asked for once the first is answered', async () => {
  await status('one', 'busy');
  await asks('a', 'one');
  await asks('b', 'one');
  await tell('permission.replied', { sessionID: 'one', requestID: 'a', reply: 'once' });
  await tell('permission.replied', { sessionID: 'one', requestID: 'b', reply: 'once' });
  const asked = 'one Waiting PermissionPrompt it asks for a permission: bash touch x';
  expect(await said()).toEqual(['one Busy', asked, asked, asked, 'one Busy']);
});

test('what an agent of its own asks, it asks; and what such a one ends or fails is no end of its turn', async () => {
  await status('one', 'busy');
  await tell('session.created', { info: { id: 'child', parentID: 'one' } });
  await status('child', 'busy');
  await asks('a', 'child');
  await tell('permission.replied', { sessionID: 'child', requestID: 'a', reply: 'once' });
  await tell('session.error', { sessionID: 'child', error: { name: 'APIError', data: {} } });
  await idle('child');
  await idle('one');
  const asked = 'one Waiting PermissionPrompt it asks for a permission: bash touch x';
  expect(await said()).toEqual(['one Busy', asked, 'one Busy', 'one Idle Ends']);
});

test('a limit is Limited, and other tries are Busy', async () => {
  await status('one', 'retry', { attempt: 1, message: 'Overloaded', next: 5 });
  await status('one', 'retry', { attempt: 2, message: 'Usage limit reached', next: 5 });
  expect(await said()).toEqual(['one Busy Retrying Overloaded', 'one Limited UsageLimit Usage limit reached']);
});

test('whatever it is told, and wherever it may not write, it does not fail', async () => {
  await tell('session.status', null);
  await tell('session.created');
  rmSync(folder, { recursive: true });
  await status('one', 'busy');
});

test("a process of another run's tells nothing", async () => {
  process.env['MUXLET_RUN'] = 'r1';
  try {
    const other = await loaded('r2');
    await other('session.status', { sessionID: 'two', status: { type: 'busy' } });
  } finally {
    delete process.env['MUXLET_RUN'];
  }
  expect(await said()).toEqual([]);
});

test.each([
  [{ role: 'user', time: { created: 1 } }, undefined],
  [{ role: 'assistant', time: { created: 1 } }, undefined],
  [{ role: 'assistant', time: { created: 1, completed: 2 } }, 'Idle'],
  [{ role: 'assistant', time: { created: 1, completed: 2 }, error: { name: 'APIError', data: {} } }, 'Waiting'],
])('its server alone says that it is Idle once the end of a turn is written down: %j', (info, state) => {
  const source = reading?.sources.find(({ url }) => url?.includes('/message'));
  if (source === undefined) throw new Error('no source');
  const ground = { source, trust: 0, render: renderLoosely, variables: {}, at: 0, seenAt: 0 };
  expect(sayOfRecord([{ info }], ground)?.claim?.state).toBe(state);
});
