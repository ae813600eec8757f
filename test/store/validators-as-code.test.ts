import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ValidateFunction } from 'ajv';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SpecKind } from '../../controller/api/kinds.ts';
import { KINDS_WITH_SCHEMA } from '../../controller/store/schema-compiler.ts';
import { validatorOf } from '../../controller/store/schemas.ts';
import { finishedValidators } from '../../scripts/build/finished-validators.mjs';

// The product has other validators than the tests: finished ones. Both must say the same, down to each error.

const directory = mkdtempSync(join(tmpdir(), 'muxlet-finished-'));
let finishedOf: typeof validatorOf;

beforeAll(async () => {
  const input = fileURLToPath(new URL('../../controller/store/schemas.ts', import.meta.url));
  const bundler = await rolldown({ input, platform: 'node', plugins: [await finishedValidators()] });
  const { output } = await bundler.write({ file: join(directory, 'schemas.mjs'), format: 'esm' });
  await bundler.close();
  expect(output[0].moduleIds.filter((id) => id.includes('/ajv/')).map((id) => id.replace(/.*\/ajv\//, ''))).toEqual([
    'dist/runtime/ucs2length.js',
  ]);
  ({ validatorOf: finishedOf } = (await import(pathToFileURL(join(directory, 'schemas.mjs')).href)) as {
    validatorOf: typeof validatorOf;
  });
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const object = (spec: unknown, name: unknown = 'web') => ({
  apiVersion: 'muxlet.dev/v1alpha1',
  metadata: { name },
  spec,
});
const AGENT = { name: 'dev', command: ['sleep', '1'] };
const SPECS: readonly unknown[] = [
  undefined,
  {},
  null,
  { nosuch: 1 },
  { agents: [AGENT], goal: 'Do it.' },
  { agents: [{ ...AGENT, env: [{ name: 'A', value: 'x', valueFrom: { env: 'B' } }, { name: 'A-B' }] }] },
  { agents: [{ ...AGENT, comand: 1 }], deadline: { after: 'soon' }, retry: { limit: -1 } },
  { to: 'web/dev', body: 'hello', at: '2026-03-01T12:00:00Z' },
  { to: 'web/dev', body: '😀'.repeat(40_000), at: '2026-03-01 12:00', every: '1x' },
  { url: 'https://example.org/x.git', ref: { branch: 'a', tag: 'b' }, interval: '1m' },
  { receivers: [{ name: 'a', webhook: { url: 'x' }, mail: {} }], reasons: ['Nosuch'] },
  { maxRunning: 0, order: 'nosuch', suspend: 'yes' },
  { program: 'x', command: [], reading: { sources: [{ nosuch: true }] } },
  { briefing: 3, members: [{ role: 'Dev' }] },
];

test.each(KINDS_WITH_SCHEMA)('finished or compiled now, the validator of %s says the same', (kind: SpecKind) => {
  const told = SPECS.flatMap((spec) => [object(spec), object(spec, 'No Name'), object(spec, 3)]).map((one) => ({
    kind,
    ...one,
  }));
  const said = (validate: ValidateFunction) => told.map((one) => ({ ok: validate(one), errors: validate.errors }));
  const finished = said(finishedOf(kind));
  expect(finished).toEqual(said(validatorOf(kind)));
  expect(new Set(finished.map(({ ok }) => ok))).toContain(false);
});
