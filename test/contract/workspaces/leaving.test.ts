import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeWorkspacesPlace, remark, type WorkspacesPlace } from '../support/workspaces-place.ts';

let place: WorkspacesPlace;
beforeEach(() => {
  place = makeWorkspacesPlace();
  place.commit('main-2', { '.gitignore': 'cache/\n', 'a.txt': 'a\n', 'b/c.txt': 'c\n' });
  place.git(['merge', '--quiet', 'main-2']);
});
afterEach(() => place.close());

const adminOf = (agent: string): string => join(place.repository, '.git/worktrees', agent);
const trees = (): number => place.git(['worktree', 'list', '--porcelain']).split('\n\n').length;
const put = (folder: string, file: string, text: string): void => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), text);
};

describe('a removal that was broken off is brought to its end, and nothing that is missing counts as work', () => {
  test.each<[string, (tree: string) => void]>([
    ['before it began', () => undefined],
    ['with files gone', (tree) => rmSync(join(tree, 'a.txt'))],
    [
      'with .gitignore gone, and what it ignored still there',
      (tree) => {
        put(join(tree, 'cache'), 'x', 'x\n');
        for (const name of ['.gitignore', 'b']) rmSync(join(tree, name), { recursive: true });
      },
    ],
    [
      'with its .git gone',
      (tree) => {
        for (const name of ['.git', 'a.txt']) rmSync(join(tree, name));
      },
    ],
    [
      'with all of it gone but the folder',
      (tree) => {
        for (const name of ['.git', '.gitignore', 'README', 'a.txt', 'b'])
          rmSync(join(tree, name), { recursive: true });
      },
    ],
    ['with its folder gone', (tree) => rmSync(tree, { recursive: true })],
  ])('%s', async (_when, leave) => {
    const request = place.request(['dev']);
    await place.ready(request);
    await place.keeper.close();
    const before = place.snapshot();
    remark(adminOf('dev'), { stage: 'Leaving' });
    place.git(['worktree', 'unlock', place.tree('dev')]);
    leave(place.tree('dev'));
    const { kept, held } = await place.released(place.leaving(request), place.controller());
    expect(held).toBeUndefined();
    expect(kept).toEqual([]);
    expect(existsSync(place.tree('dev'))).toBe(false);
    expect(trees()).toBe(1);
    expect(place.git(['for-each-ref', 'refs/heads/muxlet/', 'refs/muxlet/'])).toBe('');
    expect(place.snapshot()).toBe(before);
  });

  test('unless somebody has put something there since', async () => {
    const request = place.request(['dev']);
    await place.ready(request);
    await place.keeper.close();
    remark(adminOf('dev'), { stage: 'Leaving' });
    rmSync(join(place.tree('dev'), '.gitignore'));
    put(place.tree('dev'), 'mine.txt', 'mine\n');
    const { kept } = await place.released(place.leaving(request), place.controller());
    expect(kept).toMatchObject([{ agent: 'dev', message: expect.stringContaining('1 untracked') }]);
    expect(readFileSync(join(place.tree('dev'), 'mine.txt'), 'utf8')).toBe('mine\n');
    expect(readFileSync(join(adminOf('dev'), 'muxlet.json'), 'utf8')).toContain('"Left"');
  });

  test('and who wants it again has it whole, and set up again', async () => {
    const setUp = { argv: ['sh', '-c', 'mkdir -p cache && date >>cache/ran'], timeoutMs: 10_000 };
    const request = place.request(['dev'], { setUp });
    await place.ready(request);
    await place.keeper.close();
    remark(adminOf('dev'), { stage: 'Leaving' });
    for (const name of ['.git', 'a.txt', 'cache']) rmSync(join(place.tree('dev'), name), { recursive: true });
    await place.ready(request, place.controller());
    expect(place.git(['status', '--porcelain'], place.tree('dev'))).toBe('');
    expect(existsSync(join(place.tree('dev'), 'cache/ran'))).toBe(true);
  });

  test('a git that outlived its controller is waited for', async () => {
    const request = place.request(['dev']);
    await place.ready(request);
    await place.keeper.close();
    const env = { PATH: process.env['PATH'], MUXLET_GIT_IN: place.tree('dev') };
    const left = spawn('sleep', ['1010'], { env });
    try {
      await new Promise((resolve) => left.once('spawn', resolve));
      const next = place.controller();
      const going = place.leaving(request);
      expect((await place.released(going, next)).held).toContain('still at work');
      left.kill('SIGKILL');
      await place.have(going, ({ released }) => released, next);
      expect(existsSync(place.tree('dev'))).toBe(false);
    } finally {
      left.kill('SIGKILL');
    }
  });
});

test('what stayed for a person is theirs: the next controller does not take it away, whatever they have done with it', async () => {
  const request = place.request(['dev', 'other'], { onDelete: 'Keep' });
  await place.ready(request);
  put(place.tree('dev'), 'work.txt', 'work\n');
  const fewer = { ...request, agents: ['other'], trees: request.trees.filter(({ name }) => name === 'other') };
  const isTold = ({ kept }: { readonly kept: readonly unknown[] }): boolean => kept.length > 0;
  await place.have(fewer, isTold);
  await place.keeper.close();
  place.git(['add', '.'], place.tree('dev'));
  place.git(['commit', '--quiet', '-m', 'by a person'], place.tree('dev'));
  put(join(place.tree('dev'), 'cache'), 'notes', 'mine\n');
  const next = place.controller();
  await place.ready(fewer, next);
  expect((await place.released(place.leaving(request), next)).held).toBeUndefined();
  expect(readFileSync(join(place.tree('dev'), 'cache/notes'), 'utf8')).toBe('mine\n');
  expect(existsSync(place.tree('other'))).toBe(false);
  // Where an agent is to work there again, it is taken up as it stands, and goes when it is not needed.
  await place.ready(request, next);
  expect(place.git(['log', '-1', '--format=%s'], place.tree('dev'))).toBe('by a person');
  expect((await place.released(place.leaving(request), next)).kept).toContainEqual(
    expect.objectContaining({ branch: 'muxlet/shop/dev', message: expect.stringContaining('commits') }),
  );
  expect(existsSync(place.tree('dev'))).toBe(false);
});

describe('what is not ours is never emptied', () => {
  test.each(['Keep', 'Save', 'Discard'] as const)(
    'a work tree of another repository that took the place of ours, with onDelete %s',
    async (onDelete) => {
      const request = place.request(['dev'], { onDelete });
      await place.ready(request);
      const other = join(place.root, 'other');
      place.git(['clone', '--quiet', place.repository, other]);
      rmSync(place.tree('dev'), { recursive: true });
      place.git(['worktree', 'add', '--quiet', '-b', 'theirs', place.tree('dev')], other);
      put(place.tree('dev'), 'theirs.txt', 'theirs\n');
      writeFileSync(join(place.tree('dev'), 'a.txt'), 'changed\n');
      const { kept, held } = await place.released(place.leaving(request));
      expect(held).toBeUndefined();
      expect(kept).toMatchObject([{ agent: 'dev', message: expect.stringContaining('leads to') }]);
      expect(place.git(['status', '--porcelain'], place.tree('dev'))).toBe(' M a.txt\n?? theirs.txt');
      expect(place.git(['for-each-ref', 'refs/muxlet/'], other)).toBe('');
    },
  );
});
