import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clone, fetchClone } from '../../../controller/act/git/clone.ts';
import { gitAccess } from '../../../controller/act/git/credentials.ts';
import { webHost } from '../../../controller/act/git/reach.ts';
import { runGit } from '../../../controller/exec/git.ts';

const PASSWORD = 'correct-horse';
const RIGHT = `Basic ${Buffer.from(`team:${PASSWORD}`).toString('base64')}`;

let root = '';
const servers: Server[] = [];
const before = process.env['GIT_CONFIG_GLOBAL'];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muxlet-git-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  if (before === undefined) delete process.env['GIT_CONFIG_GLOBAL'];
  else process.env['GIT_CONFIG_GLOBAL'] = before;
  rmSync(root, { recursive: true, force: true });
});

/** Asks everybody for a password; who knows it is sent on, or told that there is nothing. Gives what it was shown. */
async function serve(next?: () => string): Promise<{ readonly url: string; readonly shown: string[] }> {
  const shown: string[] = [];
  const server = createServer(({ headers: { authorization }, url = '' }, response) => {
    if (authorization !== undefined) shown.push(authorization);
    if (authorization !== RIGHT) response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    else if (next === undefined) response.writeHead(404).end();
    else response.writeHead(302, { location: `${next()}${url}` }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, shown };
}

const access = (url: string) =>
  gitAccess(url, { username: 'team', passwordFrom: { env: 'TOKEN' } }, () => Promise.resolve(PASSWORD));

const NEVER = new AbortController().signal;

async function cloneFrom(url: string) {
  return clone({ url, path: join(root, 'clone'), access: await access(url), signal: NEVER });
}

describe('[S117] a password', () => {
  test('is shown to the host of the url, and to none that it leads to', async () => {
    const other = await serve();
    const server = await serve(() => other.url);
    const cloned = await cloneFrom(`${server.url}/team/app.git`);
    expect(cloned).toMatchObject({ ok: false, reason: 'RepositoryUnreachable' });
    expect(new Set(server.shown)).toEqual(new Set([RIGHT]));
    expect(other.shown).toEqual([]);
    expect(JSON.stringify(cloned)).not.toContain(PASSWORD);
  });

  test('is not shown after a redirection that nobody was asked before', async () => {
    const other = await serve();
    const open = createServer(({ url = '' }, response) => {
      response.writeHead(302, { location: `${other.url}${url}` }).end();
    });
    servers.push(open);
    await new Promise<void>((resolve) => {
      open.listen(0, '127.0.0.1', resolve);
    });
    const url = `http://127.0.0.1:${(open.address() as AddressInfo).port}/app.git`;
    expect((await cloneFrom(url)).ok).toBe(false);
    expect(other.shown).toEqual([]);
  });

  test('is told to no keeper of passwords, however narrow the name is that somebody has set one for', async () => {
    const server = await serve();
    const url = `${server.url}/team/app.git`;
    const heard = join(root, 'heard');
    const config = join(root, 'gitconfig');
    const keeper = `!f() { { echo "$1"; cat; } >> '${heard}'; }; f`;
    const names = ['credential', `credential "${server.url}"`, `credential "${url}"`];
    writeFileSync(config, names.map((name) => `[${name}]\n\thelper = ${JSON.stringify(keeper)}\n`).join(''));
    process.env['GIT_CONFIG_GLOBAL'] = config;
    expect((await cloneFrom(url)).ok).toBe(false);
    expect(server.shown).toContain(RIGHT);
    const said = await runGit(root, ['hash-object', heard], { timeoutMs: 10_000 });
    expect(said.ok).toBe(false);
  });

  test('is bound to the address of the spec, whatever the clone names as its remote', async () => {
    const other = await serve();
    const path = join(root, 'clone');
    mkdirSync(path);
    for (const args of [
      ['init', '--quiet'],
      ['remote', 'add', 'origin', `${other.url}/app.git`],
    ]) {
      expect((await runGit(path, args, { timeoutMs: 10_000, mayWrite: true })).ok).toBe(true);
    }
    expect(
      (await fetchClone({ path, access: await access('https://git.example.org/app.git'), signal: NEVER })).ok,
    ).toBe(false);
    expect(other.shown).toEqual([]);
  });

  test('stands in no setting and no argument, and is not asked for where nobody would ask for it', async () => {
    const { env } = await access('https://git.example.org/app.git');
    const { MUXLET_GIT_PASSWORD: password, ...others } = env;
    expect(password).toBe(PASSWORD);
    expect(JSON.stringify(others)).not.toContain(PASSWORD);
    const none = await gitAccess('git@example.org:app.git', { username: 'x', passwordFrom: { env: 'X' } }, () =>
      Promise.reject(new Error('asked')),
    );
    expect(none.env).toEqual({});
  });
});

test.each([
  ['https://example.org/a', 'https://example.org'],
  ['http://bob@example.org:81/a@b', 'http://example.org:81'],
  ['https://example.org?x=/a@evil', 'https://example.org'],
  ['ssh://git@example.org/a', undefined],
  ['git@example.org:a', undefined],
  ['/srv/https://example.org', undefined],
])('the host of %s is %s', (url, host) => {
  expect(webHost(url)).toBe(host);
});
