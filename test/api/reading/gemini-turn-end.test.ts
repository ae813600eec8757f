import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AgentClass } from '../../../controller/api/generated/all.ts';
import { combineClaims } from '../../../controller/api/reading/combine.ts';
import { compileReading } from '../../../controller/api/reading/compile.ts';
import { sayOfRecord } from '../../../controller/api/reading/evaluate.ts';
import { renderLoosely } from '../../../controller/template/render-loosely.ts';

const { metadata, spec } = parse(
  readFileSync(new URL('../../../manifests/presets/gemini.yaml', import.meta.url), 'utf8'),
) as AgentClass;
const { reading } = compileReading(metadata.name, spec);

/** What the end of a turn says, `ms` after its hook was called, while the screen shows nothing of it yet. */
function stateAfter(response: string, ms: number): string | undefined {
  const source = reading?.sources[0];
  if (source === undefined) throw new Error('no source');
  const ground = { source, trust: 0, render: renderLoosely, variables: {}, at: 1000, seenAt: 1000 };
  const claim = sayOfRecord({ hook_event_name: 'AfterAgent', prompt_response: response }, ground)?.claim;
  const verdict = combineClaims(claim === undefined ? [] : [claim], 1000 + ms);
  return verdict.type === 'Known' ? verdict.claim.state : undefined;
}

test('a turn of Gemini CLI that ends with an answer leaves it idle', () => {
  expect(stateAfter('done', 0)).toBe('Idle');
});

test('a turn of Gemini CLI that ends without an answer is no rest: for a second it counts as busy, and then its screen says more', () => {
  expect(stateAfter('[no response text]', 0)).toBe('Busy');
  expect(stateAfter('[no response text]', 1100)).toBeUndefined();
});
