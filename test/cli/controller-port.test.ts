import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createControllerPort } from '../../controller/cli/controller-port.ts';

const onLinux = test.skipIf(process.platform !== 'linux');

async function lockFile(holder: object) {
  const root = await mkdtemp(join(tmpdir(), 'muxlet-holder-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const state = join(root, 'state');
  await mkdir(state);
  const line = {
    pid: process.pid,
    host: hostname(),
    startedAt: '2026-03-01T12:00:00.000Z',
    stateDir: state,
    tmuxSocket: 'x',
  };
  await writeFile(join(state, 'lock'), `${JSON.stringify({ ...line, ...holder })}\n`);
  return { places: { specs: root, state, socket: 'x' }, path: join(state, 'lock') };
}

function port() {
  const sent: (string | number)[] = [];
  const kill = (pid: number, signal: 'SIGTERM' | 0) => {
    if (signal === 0) process.kill(pid, 0);
    else sent.push(pid, signal);
  };
  return { ...createControllerPort(kill), sent };
}

onLinux('a process that has the lock file open is the controller, and gets TERM', async () => {
  const { places, path } = await lockFile({ address: '127.0.0.1:9779' });
  const fd = openSync(path, 'r');
  onTestFinished(() => closeSync(fd));
  const { find, stop, sent } = port();
  expect(await find(places)).toEqual({ pid: process.pid, address: '127.0.0.1:9779' });
  await stop({ pid: process.pid }, places);
  expect(sent).toEqual([process.pid, 'SIGTERM']);
});

onLinux('[S51] a process that bears the old number and has not the file open is none, and gets no signal', async () => {
  const { places } = await lockFile({});
  const { find, stop, sent } = port();
  expect(await find(places)).toBeUndefined();
  await stop({ pid: process.pid }, places);
  expect(sent).toEqual([]);
});

test('[S136] a lock file of a process that has gone names no controller', async () => {
  const { places } = await lockFile({ pid: 2 ** 22 - 3 });
  expect(await port().find(places)).toBeUndefined();
});

test('[S29] without a state directory there is no controller', async () => {
  expect(await port().find({ specs: '/nowhere', state: '/nowhere/state', socket: 'x' })).toBeUndefined();
});
