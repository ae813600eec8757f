import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../controller/exec/clock.ts';
import { createSpecSource } from '../../../controller/store/specs/spec-source.ts';
import { makeRepository } from '../../support/repository.ts';

const NAMES = Array.from({ length: 50 }, (_, index) => `p${index}`);

function specs(version: number): Record<string, string> {
  const text = (name: string) =>
    JSON.stringify({
      apiVersion: 'muxlet.dev/v1alpha1',
      kind: 'Project',
      metadata: { name, labels: { version: `v${version}` } },
      spec: { agents: [{ name: 'dev', command: ['true'] }] },
    });
  return Object.fromEntries(NAMES.map((name) => [`${name}.yaml`, text(name)]));
}

test('a pull of fifty files that takes seconds is one snapshot', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'muxlet-pulled-')));
  const stop = new AbortController();
  try {
    const upstream = makeRepository(join(root, 'upstream'));
    upstream.commit({ '.gitattributes': '*.yaml filter=slow\n', ...specs(1) });
    const checkout = makeRepository(join(root, 'checkout'));
    // Longer for all of them than a stream of changes is waited for.
    checkout.git('config', 'filter.slow.smudge', 'sleep 0.03; cat');
    checkout.git('pull', '--quiet', upstream.path, 'main');
    const seen: string[][] = [];
    const source = createSpecSource({
      directory: checkout.path,
      presets: join(root, 'none'),
      state: join(root, 'state'),
      clock: systemClock,
      listener: {
        loaded: () => {
          const versions = NAMES.map((name) => source.project(name)?.metadata.labels?.['version'] ?? 'none');
          seen.push([...new Set(versions)]);
        },
      },
    });
    await source.start(stop.signal, () => undefined);
    upstream.commit(specs(2));
    await checkout.gitAside('pull', '--quiet', upstream.path, 'main');
    const until = performance.now() + 10_000;
    while (seen.at(-1)?.join() !== 'v2' && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(seen.at(-1)).toEqual(['v2']);
    expect(seen.filter((versions) => versions.length > 1)).toEqual([]);
  } finally {
    stop.abort();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
});
