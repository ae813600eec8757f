import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lookAtRepository, type RepositoryRequest } from '../../../controller/act/gitsource/look-at-repository.ts';
import { newestTag } from '../../../controller/act/gitsource/resolve.ts';
import { makeRepository, makeSigner, type Repository, signingFlags } from '../../support/repository.ts';

let root: string;
let repository: Repository;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muxlet-gitsource-'));
  repository = makeRepository(join(root, 'repository'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function look(request: Partial<RepositoryRequest> = {}, env: Record<string, string> = {}) {
  const own = join(root, 'team');
  return lookAtRepository(
    {
      name: 'team',
      url: repository.path,
      path: '.',
      timeoutMs: 20_000,
      root: own,
      mirror: join(own, 'mirror.git'),
      revisions: join(own, 'revisions'),
      ...request,
    },
    {
      env: { PATH: process.env['PATH'], HOME: root, ...env },
      steady: () => performance.now(),
      signal: new AbortController().signal,
    },
  );
}

const folderOf = (folder: string): string => join(root, 'team', 'revisions', folder);

describe('what is followed', () => {
  test('is the branch that the repository names, unless a ref says otherwise', async () => {
    const commit = repository.commit({ 'specs/web.yaml': 'a: 1\n', 'specs/goal.md': 'goal', 'README.md': 'x' });
    const found = await look({ path: './specs/' });
    expect(found).toMatchObject({
      type: 'Exported',
      exported: { revision: `HEAD@sha1:${commit}`, commit, path: 'specs', files: [{ path: 'web.yaml' }] },
    });
    if (found.type !== 'Exported') return;
    const folder = folderOf(found.exported.folder);
    expect(readdirSync(folder).sort()).toEqual(['goal.md', 'web.yaml']);
    expect(readFileSync(join(folder, 'web.yaml'), 'utf8')).toBe('a: 1\n');
  });

  test('is the newest tag within a range, and a moved tag where it was moved to', async () => {
    const first = repository.commit({ 'a.yaml': '1' });
    repository.git('tag', 'v1.0.0');
    const second = repository.commit({ 'a.yaml': '2' });
    repository.git('tag', '--annotate', '--message=x', 'v1.1.0');
    repository.commit({ 'a.yaml': '3' });
    repository.git('tag', 'v2.0.0');
    repository.git('tag', 'v1.2.0-rc.1');
    expect(await look({ ref: { semver: '1.x' } })).toMatchObject({ exported: { revision: `v1.1.0@sha1:${second}` } });
    repository.git('tag', '--force', 'v1.1.0', first);
    expect(await look({ ref: { tag: 'v1.1.0' } })).toMatchObject({ exported: { commit: first } });
    expect(await look({ ref: { semver: '>=3' } })).toMatchObject({ type: 'Failed', reason: 'RefMissing' });
    expect(await look({ ref: { semver: 'newest' } })).toMatchObject({ type: 'Failed', reason: 'RefMissing' });
  });

  test('is one commit by its id, for which nobody is asked once it is here', async () => {
    const commit = repository.commit({ 'a.yaml': '1' });
    repository.commit({ 'a.yaml': '2' });
    expect(await look({ ref: { commit } })).toMatchObject({ exported: { revision: `sha1:${commit}`, commit } });
    rmSync(repository.path, { recursive: true });
    expect(await look({ ref: { commit } })).toMatchObject({ exported: { commit } });
  });

  test('is a branch wherever it is moved to, rewritten or not', async () => {
    repository.commit({ 'a.yaml': '1' });
    const second = repository.commit({ 'a.yaml': '2' });
    const ref = { branch: 'main' };
    expect(await look({ ref })).toMatchObject({ exported: { commit: second } });
    const rewritten = repository.commit({ 'a.yaml': '3' }, '--amend');
    expect(await look({ ref })).toMatchObject({ exported: { commit: rewritten } });
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    expect(await look({ ref })).toMatchObject({ type: 'Exported' });
  });

  test('may be a clone without its history', async () => {
    repository.commit({ 'a.yaml': '1' });
    const commit = repository.commit({ 'a.yaml': '2' });
    const shallow = join(root, 'shallow');
    repository.git('clone', '--quiet', '--depth=1', `file://${repository.path}`, shallow);
    expect(await look({ url: shallow })).toMatchObject({ exported: { commit } });
    expect(await look({ url: `file://${shallow}` })).toMatchObject({ exported: { commit } });
  });
});

describe('what the revision in force holds already', () => {
  test('is shared with the next one, and what differs is written', async () => {
    repository.commit({ 'a.yaml': '1', 'sub/b.yaml': '1', 'sub/c.md': 'c', 'd.yaml': '1' });
    const first = await look();
    if (first.type !== 'Exported') throw new Error(first.message);
    const second = repository.commit({ 'a.yaml': '2', 'd.yaml': null, 'new/e.yaml': '1' });
    const next = await look({ current: first.exported });
    if (next.type !== 'Exported') throw new Error(next.message);
    const folder = folderOf(next.exported.folder);
    expect(next.exported.commit).toBe(second);
    expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'a.yaml',
      'new',
      'new/e.yaml',
      'sub',
      'sub/b.yaml',
      'sub/c.md',
    ]);
    expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe('2');
    const inodes = [folder, folderOf(first.exported.folder)].map((one) => statSync(join(one, 'sub/b.yaml')).ino);
    expect(inodes[0]).toBe(inodes[1]);
    expect(readFileSync(join(folderOf(first.exported.folder), 'a.yaml'), 'utf8')).toBe('1');
  });

  test.each<[string, (folder: string) => void]>([
    ['a file of it was taken away', (folder) => rmSync(join(folder, 'b.yaml'))],
    ['git knows nothing of it any more', () => rmSync(join(root, 'team', 'mirror.git'), { recursive: true })],
    ['how files are written has changed', () => repository.commit({ '.gitattributes': '*.yaml eol=crlf ident\n' })],
  ])('is written anew where %s', async (_why, spoil) => {
    repository.commit({ 'a.yaml': '1\n', 'b.yaml': '1\n' });
    const first = await look();
    if (first.type !== 'Exported') throw new Error(first.message);
    spoil(folderOf(first.exported.folder));
    repository.commit({ 'a.yaml': '2\n' });
    const next = await look({ current: first.exported });
    if (next.type !== 'Exported') throw new Error(next.message);
    const texts = ['a.yaml', 'b.yaml'].map((file) => readFileSync(join(folderOf(next.exported.folder), file), 'utf8'));
    // As committed, whatever .gitattributes say.
    expect(texts).toEqual(['2\n', '1\n']);
  });
});

describe('what cannot be had', () => {
  test('is said in the words of git', async () => {
    repository.commit({ 'a.yaml': '1' });
    const missing = await look({ ref: { branch: 'nope' } });
    expect(missing).toMatchObject({ type: 'Failed', reason: 'FetchFailed' });
    if (missing.type === 'Failed') expect(missing.message).toContain('nope');
    expect(await look({ path: 'nowhere' })).toMatchObject({ type: 'Refused', reason: 'PathMissing' });
    expect(await look({ url: join(root, 'nothing') })).toMatchObject({ type: 'Failed', reason: 'FetchFailed' });
    expect(await look({}, { PATH: '/nowhere' })).toMatchObject({ type: 'Failed', reason: 'ProgramMissing' });
    expect(await look({ url: 'https://127.0.0.1:1/x', credentials: { password: { env: 'NONE' } } })).toMatchObject({
      reason: 'CredentialsUnreadable',
    });
  });

  test('is no reason to give up: a clone that was broken off or spoilt is made anew', async () => {
    repository.commit({ 'a.yaml': '1' });
    await look();
    const mirror = join(root, 'team', 'mirror.git');
    writeFileSync(join(mirror, 'shallow.lock'), '');
    const second = repository.commit({ 'a.yaml': '2' });
    expect(await look()).toMatchObject({ exported: { commit: second } });
    rmSync(join(mirror, 'objects'), { recursive: true });
    const third = repository.commit({ 'a.yaml': '3' });
    expect(await look()).toMatchObject({ exported: { commit: third } });
  });

  test('leaves no half of an export behind', async () => {
    repository.commit({ 'a.yaml': '1' });
    const found = await look();
    if (found.type !== 'Exported') throw new Error(found.message);
    rmSync(folderOf(found.exported.folder), { recursive: true });
    expect(await look()).toEqual(found);
    expect(readdirSync(join(root, 'team', 'revisions'))).toEqual([found.exported.folder]);
  });
});

describe('over ssh', () => {
  test('the key and the hosts are those of the spec, whatever stands in their paths, and nobody is asked', async () => {
    const commit = repository.commit({ 'a.yaml': '1' });
    const bin = join(root, 'bin');
    const said = join(root, 'said');
    const [identityFile, knownHostsFile] = [join(root, "a key's $(file)"), join(root, 'known hosts')];
    mkdirSync(bin);
    for (const file of [identityFile, knownHostsFile]) writeFileSync(file, 'x');
    // Says what it was called with, and runs on this machine what was meant for the other one.
    const script = `#!/bin/sh\nfor arg; do echo "$arg" >>${said}; done\nfor last; do :; done\nexec sh -c "$last"\n`;
    writeFileSync(join(bin, 'ssh'), script, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env['PATH']}` };
    const url = `ssh://git@example.com${repository.path}`;
    expect(await look({ url, credentials: { identityFile, knownHostsFile } }, env)).toMatchObject({
      exported: { commit },
    });
    const words = readFileSync(said, 'utf8').split('\n');
    expect(words).toEqual(
      expect.arrayContaining(['-oBatchMode=yes', '-oIdentitiesOnly=yes', identityFile, 'git@example.com']),
    );
    expect(words).toContain(`-oUserKnownHostsFile="${knownHostsFile}"`);
    expect(await look({ url, credentials: { identityFile: join(root, 'none') } }, env)).toMatchObject({
      reason: 'CredentialsUnreadable',
    });
  });
});

describe('what a repository may hold', () => {
  test('are no ways out: links and submodules are left out, and a spec that is a link is refused', async () => {
    symlinkSync('/etc/passwd', join(repository.path, 'goal.md'));
    const sub = makeRepository(join(root, 'sub'));
    sub.commit({ 'evil.yaml': 'x' });
    repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', sub.path, 'sub');
    repository.commit({ 'a.yaml': '1' });
    const found = await look();
    if (found.type !== 'Exported') throw new Error(found.message);
    expect(readdirSync(folderOf(found.exported.folder)).sort()).toEqual(['.gitmodules', 'a.yaml']);
    symlinkSync('/etc/passwd', join(repository.path, 'b.yaml'));
    const commit = repository.commit({});
    expect(await look()).toMatchObject({
      type: 'Refused',
      problems: [{ code: 'SymlinkOutside', file: `gitsource/team@${commit.slice(0, 7)}:b.yaml` }],
    });
  });

  test('is nothing that runs: neither hooks nor filters of the user', async () => {
    const trace = join(root, 'ran');
    writeFileSync(
      join(root, '.gitconfig'),
      `[filter "evil"]\n smudge = touch ${trace}; cat\n[core]\n hooksPath = ${root}\n[url "ext::touch ${trace}"]\n insteadOf = ${root}\n`,
    );
    repository.commit({ '.gitattributes': '* filter=evil\n', 'a.yaml': '1' });
    expect(await look()).toMatchObject({ type: 'Exported' });
    expect(await look({ url: `ext::touch ${trace}` })).toMatchObject({ type: 'Failed' });
    expect(existsSync(trace)).toBe(false);
  });
});

describe('signatures', () => {
  test('of commits count if the key is allowed, and of no others', async () => {
    const alice = makeSigner(root, 'alice');
    const mallory = makeSigner(root, 'mallory');
    const allowedSigners = join(root, 'allowed');
    writeFileSync(allowedSigners, alice.allowed);
    const verify = { mode: 'Commit', allowedSigners } as const;
    repository.commit({ 'a.yaml': '1' });
    expect(await look({ verify })).toMatchObject({ type: 'Refused', reason: 'NotSigned' });
    for (const [key, value] of [
      ['gpg.format', 'ssh'],
      ['user.signingKey', mallory.key],
    ])
      repository.git('config', key ?? '', value ?? '');
    repository.commit({ 'a.yaml': '2' }, '--gpg-sign');
    expect(await look({ verify })).toMatchObject({ type: 'Refused', reason: 'NotSigned' });
    repository.git('config', 'user.signingKey', alice.key);
    repository.commit({ 'a.yaml': '3' }, '--gpg-sign');
    expect(await look({ verify })).toMatchObject({ type: 'Exported', exported: { signer: 'alice' } });
    rmSync(allowedSigners);
    expect(await look({ verify })).toMatchObject({ type: 'Refused', reason: 'NotSigned' });
  });

  test('of tags count for the tag that was signed alone', async () => {
    const alice = makeSigner(root, 'alice');
    const allowedSigners = join(root, 'allowed');
    writeFileSync(allowedSigners, alice.allowed);
    const verify = { mode: 'Tag', allowedSigners } as const;
    repository.commit({ 'a.yaml': '1' });
    repository.git('tag', 'v1.0.0');
    repository.git(...signingFlags(alice.key), 'tag', '--sign', '--message=x', 'v1.1.0');
    expect(await look({ verify, ref: { tag: 'v1.0.0' } })).toMatchObject({ reason: 'NotSigned' });
    expect(await look({ verify, ref: { semver: '1.1.x' } })).toMatchObject({ exported: { signer: 'alice' } });
    // The signed tag under another name.
    repository.git('update-ref', 'refs/tags/v1.2.0', repository.git('rev-parse', 'v1.1.0'));
    expect(await look({ verify, ref: { semver: '1.x' } })).toMatchObject({ reason: 'NotSigned' });
    expect(await look({ verify, ref: { branch: 'main' } })).toMatchObject({ reason: 'NotSigned' });
  });
});

test.each([
  ['1.x', ['v1.0.0', '1.2.0', 'v1.10.0', 'v2.0.0', 'nightly'], 'v1.10.0'],
  ['>=1.1.0-0', ['v1.0.0', 'v1.1.0-rc.1'], 'v1.1.0-rc.1'],
  ['*', ['v1.0.0', '1.0.0'], 'v1.0.0'],
  ['>=3', ['v1.0.0'], undefined],
])('of the tags within %s the newest version counts', (range, tags, wanted) => {
  expect(newestTag(tags, range)).toBe(wanted);
});
