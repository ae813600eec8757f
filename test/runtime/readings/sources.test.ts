import { expect, test } from 'vitest';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { createEvidence } from '../../../controller/runtime/readings/evidence.ts';
import type { EvidenceEyes } from '../../../controller/runtime/readings/eyes.ts';
import { createSources } from '../../../controller/runtime/readings/sources.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';

const START = 1_700_000_000_000;

/** An agent whose transcript lies in a folder of which nobody knows the name. */
function createFolder() {
  const { reading } = compileReading('c', {
    reading: {
      sources: [
        {
          type: 'Transcript',
          path: '/of/*/{{ conversation }}.jsonl',
          rules: [{ name: 'says', match: [{ field: 'says', exists: true }], state: 'Busy', prompt: 'says' }],
        },
      ],
    },
  });
  if (reading === undefined) throw new Error('no reading');
  /** Where the file of a pattern is, and what was appended to it since. */
  const places = new Map<string, string>();
  const appended = new Map<string, string[]>();
  let now = START;
  let conversation = 'one';
  const eyes: EvidenceEyes = {
    faces: async () => ({ at: now, panes: new Map() }),
    screen: async () => [],
    records: (path) => ({
      path,
      async read() {
        const said = appended.get(path)?.splice(0) ?? [];
        return said.map((says) => ({ at: now, value: { says }, timed: true, old: false }));
      },
    }),
    jsonFile: () => ({ read: async () => undefined }),
    find: async (pattern) => places.get(pattern),
    askJson: async () => undefined,
    watch: () => () => undefined,
  };
  const render = renderLoosely;
  const variables = () => ({ conversation });
  const evidence = createEvidence({ reading, startedAt: START, conversation: undefined, render, variables });
  const place = { pane: { server: 'one', id: '%1' }, startedAt: START, hookFile: '/nowhere', now: () => now };
  const sources = createSources({ eyes, reading, evidence, render, variables, ...place });
  return {
    places,
    appended,
    goOnIn(name: string) {
      conversation = name;
    },
    said: () => evidence.memory().turns.prompts.map(({ text }) => text),
    async look(inMs: number) {
      now += inMs;
      await sources.read(undefined);
    },
  };
}

test('the transcript of another conversation is looked for once the program is in that', async () => {
  const folder = createFolder();
  folder.places.set('/of/*/one.jsonl', '/of/a/one.jsonl');
  folder.appended.set('/of/a/one.jsonl', ['first']);
  await folder.look(1000);
  expect(folder.said()).toEqual(['first']);
  await folder.look(3_600_000);
  folder.goOnIn('two');
  folder.appended.set('/of/a/one.jsonl', ['of nobody']);
  await folder.look(1000);
  await folder.look(1000);
  folder.places.set('/of/*/two.jsonl', '/of/a/two.jsonl');
  folder.appended.set('/of/a/two.jsonl', ['second']);
  await folder.look(1000);
  expect(folder.said()).toEqual(['first', 'second']);
});

test('that it was found in one folder is for good, though others have one of that name', async () => {
  const folder = createFolder();
  folder.places.set('/of/*/one.jsonl', '/of/a/one.jsonl');
  await folder.look(1000);
  folder.places.set('/of/*/one.jsonl', '/of/b/one.jsonl');
  folder.appended.set('/of/a/one.jsonl', ['mine']).set('/of/b/one.jsonl', ['of another']);
  await folder.look(20_000);
  expect(folder.said()).toEqual(['mine']);
});
