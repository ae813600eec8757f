import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const DASHBOARDS = path('../../manifests/grafana/dashboards');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muxlet-grafana-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the compiler says of texts that should be dashboards, by name. */
function complaints(texts: Readonly<Record<string, string>>): readonly string[] {
  const files = Object.entries(texts).map(([name, text]) => {
    const file = join(folder, `${name}.ts`);
    const type = JSON.stringify(path('grafana-types.ts'));
    writeFileSync(
      file,
      `import type { GrafanaDashboard } from ${type};\nexport const it: GrafanaDashboard = ${text};\n`,
    );
    return file;
  });
  const flags = '--ignoreConfig --noEmit --strict --skipLibCheck --target es2023 --module nodenext --types node';
  const more = '--allowImportingTsExtensions --typeRoots';
  const argv = [...flags.split(' '), ...more.split(' '), path('../../node_modules/@types'), ...files];
  try {
    execFileSync(process.execPath, [path('../../node_modules/typescript/bin/tsc'), ...argv], { cwd: folder });
    return [];
  } catch (error) {
    const { stdout } = error as { readonly stdout: Buffer };
    return stdout
      .toString()
      .split('\n')
      .filter((line) => line.includes('error TS'));
  }
}

test("the dashboards are what Grafana's own types say, and what is not is found", () => {
  const texts = Object.fromEntries(
    readdirSync(DASHBOARDS).map((file) => [
      file.slice(0, -'.json'.length),
      readFileSync(join(DASHBOARDS, file), 'utf8'),
    ]),
  );
  expect(complaints(texts)).toEqual([]);
  const mistakes = {
    'no-such-value': ['"graphMode": "none"', '"graphMode": "never"'],
    'no-such-option': ['"wideLayout": true', '"wideLayout": true, "wideLayouts": true'],
    'no-such-field': ['"drawStyle": "line"', '"drawStyles": "line"'],
    'no-such-setting': ['"weekStart": ""', '"weekStarts": ""'],
    'missing-option': ['"showPercentChange": false,', ''],
  } as const;
  const fleet = texts['muxlet-fleet'] ?? '';
  const wrong = Object.fromEntries(
    Object.entries(mistakes).map(([name, [right, mistake]]) => [name, fleet.replace(right, mistake)]),
  );
  const found = complaints(wrong);
  expect(new Set(found.map((line) => line.split('.ts(')[0]))).toEqual(new Set(Object.keys(mistakes)));
  expect(found).toHaveLength(5);
});
