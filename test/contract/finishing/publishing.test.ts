import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FinishRequest } from '../../../controller/api/finish-request.ts';
import { type FinishingPlace, makeFinishingPlace, verifying } from '../support/finishing-place.ts';

const RESULT = 'muxlet/shop/integration';

let place: FinishingPlace;
let remote: string;
beforeEach(() => {
  place = makeFinishingPlace();
  remote = join(place.root, 'remote.git');
  place.git(['init', '--quiet', '--bare', '--initial-branch=main', remote]);
  place.git(['remote', 'add', 'origin', remote]);
  place.git(['push', '--quiet', 'origin', 'main']);
  place.commit('muxlet/shop/a', { 'a.txt': 'a\n' });
});
afterEach(() => place.close());

const integration = (more: Partial<FinishRequest['integration'] & object>) => ({
  integration: { onConflict: 'Hub' as const, rounds: 3, ...more },
});
const remoteRefs = (): string => place.git(['for-each-ref', '--format=%(refname)'], remote);
const short = (): string => place.at(RESULT).slice(0, 12);

describe('the verified result', () => {
  test('[S158] goes nowhere unless the spec says so', async () => {
    const before = place.snapshot();
    const look = await place.finish(place.request(['a'], verifying(['true'])));
    expect(look).toMatchObject({ state: 'Passed' });
    expect(look.integration?.published).toBeUndefined();
    expect(remoteRefs()).toBe('refs/heads/main');
    expect(place.snapshot()).toBe(before);
  });

  test('is pushed where the spec says, and only once verified', async () => {
    const push = integration({ push: { remote: 'origin', branch: 'result' } });
    const refused = await place.finish(place.request(['a'], { ...push, ...verifying(['false']) }));
    expect(refused.state).toBe('Refused');
    expect(remoteRefs()).toBe('refs/heads/main');
    const request = place.request(['a'], { ...push, ...verifying(['true']) });
    const look = await place.finish(request);
    expect(look).toMatchObject({ state: 'Passed', integration: { published: [`origin: result is at ${short()}`] } });
    expect(place.git(['rev-parse', 'result'], remote)).toBe(place.at(RESULT));
    // A later life of the controller does it over, without effect.
    expect((await place.finish({ ...request, round: 99 })).integration?.published).toEqual(look.integration?.published);
  });

  test('is never forced upon a remote, which is told in git’s own words', async () => {
    place.commit('foreign', { 'f.txt': 'f\n' });
    place.git(['push', '--quiet', 'origin', 'foreign:result']);
    const theirs = place.git(['rev-parse', 'result'], remote);
    const look = await place.finish(
      place.request(['a'], integration({ push: { remote: 'origin', branch: 'result' } })),
    );
    expect(look).toMatchObject({ state: 'Failed', message: expect.stringContaining('git push: [rejected]') });
    expect(look.integration?.state).toBe('Merged');
    expect(place.git(['rev-parse', 'result'], remote)).toBe(theirs);
    const nowhere = await place.finish(
      place.request(['a'], integration({ push: { remote: remote, branch: 'other' } })),
    );
    expect(nowhere).toMatchObject({ state: 'Failed', message: `the repository has no remote ${remote}` });
    expect(remoteRefs()).toBe('refs/heads/main\nrefs/heads/result');
  });

  test('that could not be given on is not verified again, only given on', async () => {
    const ran = join(place.root, 'ran');
    const wanted = {
      ...integration({ push: { remote: 'origin', branch: 'result' } }),
      ...verifying(['sh', '-c', `echo x >>${ran}`]),
    };
    place.git(['remote', 'set-url', 'origin', join(place.root, 'nowhere')]);
    expect((await place.finish(place.request(['a'], wanted))).state).toBe('Failed');
    place.git(['remote', 'set-url', 'origin', remote]);
    const again = place.request(['a'], wanted);
    expect(await place.finish(again)).toMatchObject({
      state: 'Passed',
      verification: { state: 'Passed', round: again.round },
    });
    expect(readFileSync(ran, 'utf8')).toBe('x\n');
    expect((await place.finish(place.request(['a'], wanted))).state).toBe('Passed');
    expect(readFileSync(ran, 'utf8')).toBe('x\nx\n');
  });

  test('moves a branch on that nobody works on', async () => {
    place.git(['branch', 'release']);
    const look = await place.finish(place.request(['a'], integration({ fastForward: 'release' })));
    expect(look.integration?.published).toEqual([`release is at ${short()}`]);
    expect(place.at('release')).toBe(place.at(RESULT));
  });

  test.each([
    ['checked out', 'main', 'it is checked out in', () => place.git(['status', '--short'])],
    ['ahead', 'release', 'it has commits that', () => place.commit('release', { r: 'r' })],
    [
      'being rebased',
      'topic',
      'is left where it is',
      () => {
        place.git(['branch', 'topic']);
        place.git(['worktree', 'add', '--quiet', join(place.root, 'person'), 'topic']);
        writeFileSync(join(place.root, 'editor'), '#!/bin/sh\necho break >"$1"\n', { mode: 0o755 });
        place.git(
          ['-c', `sequence.editor=${join(place.root, 'editor')}`, 'rebase', '-i', 'HEAD'],
          join(place.root, 'person'),
        );
      },
    ],
  ])('leaves a branch alone that is %s, and says so', async (_how, branch, why, make) => {
    make();
    const before = place.at(branch);
    const snapshot = place.snapshot();
    const look = await place.finish(place.request(['a'], integration({ fastForward: branch })));
    expect(look.state).toBe('Passed');
    expect(look.integration?.published?.[0]).toContain(why);
    expect(place.at(branch)).toBe(before);
    expect(place.snapshot()).toBe(snapshot);
  });

  test('opens a pull request once for each result, in a clean work tree of it', async () => {
    const script = join(place.root, 'open');
    writeFileSync(
      script,
      `#!/bin/sh\ngit status --porcelain\necho "$MUXLET_BRANCH $MUXLET_COMMIT $(cat a.txt)" >>"${place.root}/opened"\necho https://example.org/1\n`,
    );
    chmodSync(script, 0o755);
    const wanted = integration({ pullRequest: { argv: [script], timeoutMs: 5000 } });
    const first = await place.finish(place.request(['a'], { ...wanted, ...verifying(['touch', 'junk']) }));
    expect(first).toMatchObject({ state: 'Passed', integration: { published: [`${script}: https://example.org/1`] } });
    const again = await place.finish(place.request(['a'], wanted));
    expect(again.integration?.published?.[0]).toContain('done before');
    expect(readFileSync(join(place.root, 'opened'), 'utf8')).toBe(`${RESULT} ${place.at(RESULT)} a\n`);
    appendFileSync(script, 'exit 1\n');
    place.commit('muxlet/shop/a', { 'b.txt': 'b\n' });
    const failed = await place.finish(place.request(['a'], wanted));
    expect(failed).toMatchObject({ state: 'Failed', message: expect.stringContaining('exited with 1; see ') });
    expect(existsSync(join(place.trees, '.verification'))).toBe(false);
  });
});
