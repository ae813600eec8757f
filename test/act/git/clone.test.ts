import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clone, fetchClone } from '../../../controller/act/git/clone.ts';
import { makeRepository } from '../../support/repository.ts';

test('into a repository around a clone that is broken nothing is fetched', async () => {
  const root = mkdtempSync(join(tmpdir(), 'muxlet-clone-'));
  try {
    const around = makeRepository(root);
    const origin = makeRepository(join(root, 'origin'));
    origin.commit({ 'a.txt': 'a' });
    around.git('remote', 'add', 'origin', origin.path);
    around.commit({ 'settings.txt': 'x' });
    around.git('update-ref', 'refs/remotes/origin/old', 'HEAD');
    const request = {
      url: origin.path,
      path: join(root, 'clone'),
      access: { env: {}, redact: (text: string) => text },
      signal: new AbortController().signal,
    };
    expect(await clone(request)).toEqual({ ok: true });
    expect(await fetchClone(request)).toEqual({ ok: true });
    rmSync(join(request.path, '.git', 'HEAD'));
    expect(await fetchClone(request)).toMatchObject({ ok: false, reason: 'RepositoryUnreachable' });
    expect(around.git('for-each-ref', '--format=%(refname)', 'refs/remotes')).toBe('refs/remotes/origin/old');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
