import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { compilePresets, readPresets } from '../../../controller/store/specs/presets.ts';

const PRESETS = new URL('../../../manifests/presets', import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), 'muxlet-presets-'));

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('presets that the build has read are the same as those that are read now, but for files that were changed since', () => {
  cpSync(PRESETS, directory, { recursive: true });
  const compiled = JSON.parse(JSON.stringify(compilePresets(directory)));
  const fresh = readPresets(directory, {});
  expect(Object.keys(compiled).length).toBeGreaterThan(20);
  expect(readPresets(directory, compiled)).toEqual(fresh);
  const marked = Object.fromEntries(
    Object.entries(compiled as Record<string, object[]>).map(([hash, objects]) => [
      hash,
      objects.map((object) => ({ ...object, name: 'compiled' })),
    ]),
  );
  const shell = ['apiVersion: muxlet.dev/v1alpha1', 'kind: AgentClass', 'metadata: {name: shell}', 'spec: {}', ''];
  writeFileSync(join(directory, 'shell.yaml'), shell.join('\n'));
  const names = [...readPresets(directory, marked as never).entries.keys()];
  expect(names).toContain('agentclass/shell');
  expect(names.filter((key) => key !== 'agentclass/shell' && !key.endsWith('/compiled'))).toEqual([]);
});
