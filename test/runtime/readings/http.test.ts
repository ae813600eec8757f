import { expect, test } from 'vitest';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { createEvidence } from '../../../controller/runtime/readings/evidence.ts';
import type { EvidenceEyes } from '../../../controller/runtime/readings/eyes.ts';
import { createSources } from '../../../controller/runtime/readings/sources.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';

const START = 1_700_000_000_000;

/** An agent whose server says of each path what `answers` holds, or nothing. */
function createServer() {
  const { reading } = compileReading('c', {
    reading: {
      sources: [
        {
          type: 'Http',
          url: 'http://127.0.0.1:1/asks',
          everySeconds: 0.5,
          rules: [{ name: 'asks', match: [{ field: '0.id', exists: true }], state: 'Waiting' }],
        },
        {
          type: 'Http',
          url: 'http://127.0.0.1:1/works',
          everySeconds: 0.5,
          rules: [{ name: 'works', match: [{ field: '*', is: 'busy' }], state: 'Busy', conversation: '*~' }],
        },
      ],
    },
  });
  if (reading === undefined) throw new Error('no reading');
  const answers = new Map<string, unknown>();
  const asked: string[] = [];
  let now = START;
  const eyes: EvidenceEyes = {
    faces: async () => ({ at: now, panes: new Map() }),
    screen: async () => [],
    records: (path) => ({ path, read: async () => [] }),
    jsonFile: () => ({ read: async () => undefined }),
    find: async () => undefined,
    askJson: (url) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      return Promise.resolve().then(() => answers.get(pathname));
    },
    watch: () => () => undefined,
  };
  const render = renderLoosely;
  const variables = () => ({});
  const evidence = createEvidence({ reading, startedAt: START, conversation: undefined, render, variables });
  const pane = { server: 'one', id: '%1' };
  const place = { pane, startedAt: START, hookFile: '/nowhere', now: () => now };
  const sources = createSources({ eyes, reading, evidence, render, variables, ...place });
  return {
    answers,
    asked,
    evidence,
    states: () => evidence.claims().map(({ state }) => state),
    async look(inMs: number) {
      now += inMs;
      await sources.read(undefined);
    },
  };
}

test('what a server says is taken up, and its name for the conversation', async () => {
  const server = createServer();
  server.answers.set('/asks', []).set('/works', { one: 'busy' });
  await server.look(1000);
  expect(server.states()).toEqual(['Busy']);
  expect(server.evidence.memory().conversation).toBe('one');
  server.answers.set('/works', {});
  await server.look(1000);
  expect(server.states()).toEqual([]);
});

test('a server that is late is believed for ten seconds, and not for longer', async () => {
  const server = createServer();
  server.answers.set('/works', { one: 'busy' });
  await server.look(1000);
  server.answers.clear();
  await server.look(9000);
  expect(server.states()).toEqual(['Busy']);
  await server.look(1000);
  expect(server.states()).toEqual([]);
});

test('one late answer does not keep the others waiting', async () => {
  const server = createServer();
  let late: (answer: unknown) => void = () => undefined;
  server.answers.set('/asks', new Promise((resolve) => (late = resolve))).set('/works', { one: 'busy' });
  const looked = server.look(1000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(server.states()).toEqual(['Busy']);
  late([{ id: '1' }]);
  await looked;
  expect(server.states()).toEqual(['Busy', 'Waiting']);
});
