import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeWorkspacesPlace, type WorkspacesPlace } from '../support/workspaces-place.ts';

let place: WorkspacesPlace;
const begin = (name?: string): WorkspacesPlace => (place = makeWorkspacesPlace(name));
afterEach(() => place.close());

const refs = (where: string): readonly string[] =>
  place
    .git(['for-each-ref', '--format=%(refname)', where])
    .split('\n')
    .filter((line) => line !== '');
const fails = (agent: string) => (look: Awaited<ReturnType<WorkspacesPlace['ready']>>) =>
  look.trees.get(agent)?.state === 'Failed';

/** All of it, from nothing and back to nothing, with one file of an agent's that is saved on the way. */
async function comeAndGo(git: (args: readonly string[], directory?: string) => string = place.git): Promise<void> {
  const request = place.request(['dev'], { onDelete: 'Save' });
  await place.ready(request);
  const dev = place.tree('dev');
  expect(git(['symbolic-ref', '--short', 'HEAD'], dev)).toBe('muxlet/shop/dev');
  expect(git(['status', '--porcelain'], dev)).toBe('');
  writeFileSync(join(dev, 'work.txt'), 'work\n');
  const { held, kept } = await place.released(place.leaving(request));
  expect(held).toBeUndefined();
  expect(existsSync(dev)).toBe(false);
  expect(kept).toHaveLength(1);
  expect(git(['show', `${kept[0]?.ref}:work.txt`], join(place.root, 'repo'))).toBe('work');
  expect(refs('refs/heads/muxlet/')).toEqual([]);
}

test('a bare repository: work trees come and go beside it', async () => {
  begin('bare.git');
  place.git(['clone', '--quiet', '--bare', place.repository, join(place.root, 'bare.git')]);
  const bare = join(place.root, 'bare.git');
  const request = place.request(['dev'], { onDelete: 'Save' });
  await place.ready(request);
  expect(readFileSync(join(place.tree('dev'), 'README'), 'utf8')).toBe('one\n');
  writeFileSync(join(place.tree('dev'), 'work.txt'), 'work\n');
  const { held, kept } = await place.released(place.leaving(request));
  expect(held).toBeUndefined();
  expect(existsSync(place.tree('dev'))).toBe(false);
  expect(place.git(['show', `${kept[0]?.ref}:work.txt`], bare)).toBe('work');
  expect(place.git(['worktree', 'list'], bare).split('\n')).toHaveLength(1);
  expect(place.git(['config', '--list', '--local'], bare)).toContain('core.bare=true');
});

test('a linked work tree of a person’s: what it has checked out is the base, and its files are provided', async () => {
  begin('topic');
  const topic = join(place.root, 'topic');
  place.git(['worktree', 'add', '--quiet', '-b', 'topic', topic]);
  writeFileSync(join(topic, 'topic.txt'), 'topic\n');
  writeFileSync(join(topic, '.gitignore'), '.env\n');
  place.git(['add', '.'], topic);
  place.git(['commit', '--quiet', '-m', 'topic'], topic);
  writeFileSync(join(topic, '.env'), 'of the topic\n');
  writeFileSync(join(topic, 'README'), 'half done\n');
  const before = `${place.snapshot()}\n${place.git(['status', '--porcelain'], topic)}`;
  const request = place.request(['dev'], { files: [{ path: '.env' }] });
  const { base } = await place.ready(request);
  expect(base).toBe(place.at('topic'));
  expect(readFileSync(join(place.tree('dev'), 'topic.txt'), 'utf8')).toBe('topic\n');
  expect(readFileSync(join(place.tree('dev'), 'README'), 'utf8')).toBe('one\n');
  expect(readFileSync(join(place.tree('dev'), '.env'), 'utf8')).toBe('of the topic\n');
  expect((await place.released(place.leaving(request))).kept).toEqual([]);
  expect(existsSync(place.tree('dev'))).toBe(false);
  expect(`${place.snapshot()}\n${place.git(['status', '--porcelain'], topic)}`).toBe(before);
});

test('a repository with a submodule: a work tree goes, unless somebody has put the submodule there', async () => {
  begin();
  const library = join(place.root, 'library');
  place.git(['clone', '--quiet', place.repository, library]);
  place.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'lib']);
  place.git(['commit', '--quiet', '-m', 'lib']);
  const request = place.request(['dev']);
  await place.ready(request);
  expect(existsSync(join(place.tree('dev'), 'lib'))).toBe(true);
  expect(existsSync(join(place.tree('dev'), 'lib', 'README'))).toBe(false);
  expect(place.git(['status', '--porcelain'], place.tree('dev'))).toBe('');
  const first = await place.released(place.leaving(request));
  expect(first).toMatchObject({ released: true, kept: [] });
  expect(existsSync(place.tree('dev'))).toBe(false);
  await place.ready(request);
  place.git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init'], place.tree('dev'));
  const { kept, held } = await place.released(place.leaving(request));
  expect(held).toBeUndefined();
  expect(kept[0]?.message).toContain('submodules');
  // A person may work on there: what is gone from it later is not put back.
  expect(existsSync(join(place.tree('dev'), 'lib/README'))).toBe(true);
  expect(readFileSync(join(place.repository, '.git/worktrees/dev/muxlet.json'), 'utf8')).toContain('"Left"');
  expect(place.git(['status', '--porcelain'])).toBe('');
});

test('a filter that is missing is named, and the work tree is made once it is there', async () => {
  begin();
  writeFileSync(join(place.repository, '.gitattributes'), '*.bin filter=lfs\n');
  writeFileSync(join(place.repository, 'big.bin'), 'pointer\n');
  place.git(['add', '.']);
  place.git(['commit', '--quiet', '-m', 'big']);
  const set = (name: string, value: string) => place.git(['config', `filter.lfs.${name}`, value]);
  set('smudge', 'git-lfs-that-is-missing smudge');
  set('clean', 'git-lfs-that-is-missing clean');
  set('required', 'true');
  const request = place.request(['dev']);
  const look = await place.have(request, fails('dev'));
  expect(look.trees.get('dev')).toMatchObject({ reason: 'WorkTreeFailed', message: expect.stringContaining('lfs') });
  set('smudge', "sed 's/pointer/content/'");
  set('clean', "sed 's/content/pointer/'");
  await place.ready(request);
  expect(readFileSync(join(place.tree('dev'), 'big.bin'), 'utf8')).toBe('content\n');
  expect(place.git(['status', '--porcelain'], place.tree('dev'))).toBe('');
});

test('a shallow clone', async () => {
  begin('shallow');
  const shallow = join(place.root, 'shallow');
  place.commit('main-2', { 'two.txt': 'two\n' });
  place.git(['clone', '--quiet', '--depth=1', '--branch=main-2', `file://${place.repository}`, shallow]);
  const request = place.request(['dev'], { onDelete: 'Save' });
  const { base } = await place.ready(request);
  expect(base).toBe(place.git(['rev-parse', 'HEAD'], shallow));
  writeFileSync(join(place.tree('dev'), 'work.txt'), 'work\n');
  place.git(['add', '.'], place.tree('dev'));
  place.git(['commit', '--quiet', '-m', 'work'], place.tree('dev'));
  const { kept, held } = await place.released(place.leaving(request));
  expect(held).toBeUndefined();
  expect(kept).toMatchObject([{ branch: 'muxlet/shop/dev' }]);
  expect(place.git(['rev-parse', '--is-shallow-repository'], shallow)).toBe('true');
});

test('a sparse checkout with settings of its own: agents have what the person has, and nothing counts as deleted', async () => {
  begin();
  place.commit('main-2', { 'in/a.txt': 'a\n', 'out/b.txt': 'b\n' });
  place.git(['merge', '--quiet', 'main-2']);
  place.git(['config', 'extensions.worktreeConfig', 'true']);
  place.git(['sparse-checkout', 'set', 'in']);
  expect(existsSync(join(place.repository, 'out'))).toBe(false);
  const before = place.snapshot();
  await comeAndGo();
  expect(place.snapshot()).toBe(before);
  // Killed as it was taken away: what is outside of the checkout does not come in.
  const request = place.request(['dev']);
  await place.ready(request);
  expect(existsSync(join(place.tree('dev'), 'in/a.txt'))).toBe(true);
  expect(existsSync(join(place.tree('dev'), 'out'))).toBe(false);
});

test('hooks of all kinds, signing without a key, and a person without a name', async () => {
  begin();
  const hooks = join(place.root, 'hooks');
  place.git(['init', '--quiet', '--bare', hooks]);
  for (const hook of ['post-checkout', 'reference-transaction', 'pre-commit', 'post-index-change', 'post-commit']) {
    writeFileSync(join(hooks, hook), `#!/bin/sh\necho ${hook} >>${join(place.root, 'ran')}\nexit 1\n`, { mode: 0o755 });
  }
  const settings = { 'commit.gpgSign': 'true', 'gpg.program': 'false', 'user.useConfigOnly': 'true' };
  for (const [name, value] of Object.entries(settings)) place.git(['config', name, value]);
  place.git(['config', 'core.hooksPath', hooks]);
  await comeAndGo((args, directory) => place.git(['-c', 'core.hooksPath=/dev/null', ...args], directory));
  expect(existsSync(join(place.root, 'ran'))).toBe(false);
});

test('settings that hide files, or turn every saving into an error', async () => {
  begin();
  const settings = {
    'status.showUntrackedFiles': 'no',
    'diff.ignoreSubmodules': 'all',
    'core.autocrlf': 'input',
    'core.safecrlf': 'true',
    'diff.external': 'false',
  };
  for (const [name, value] of Object.entries(settings)) place.git(['config', name, value]);
  const request = place.request(['dev'], { onDelete: 'Save' });
  await place.ready(request);
  writeFileSync(join(place.tree('dev'), 'work.txt'), 'work\r\n');
  const { held, kept } = await place.released(place.leaving(request));
  expect(held).toBeUndefined();
  expect(kept).toHaveLength(1);
  expect(place.read(kept[0]?.ref ?? '', 'work.txt')).toContain('work');
  expect(existsSync(place.tree('dev'))).toBe(false);
});
