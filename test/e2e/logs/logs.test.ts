import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MAIN, projectYaml, until, type World, withWorld } from '../support/world.ts';

const outputFile = (world: World, name: string): string =>
  join(world.state, 'agents', world.agent('web', name)?.uid ?? '', 'output.ndjson');

async function lines(world: World, ...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await world.muxlet('logs', ...args);
  if (code !== 0) throw new Error(stderr);
  return stdout.split('\n').slice(0, -1);
}

const numbers = (from: number, to: number, prefix = ''): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}`);

/** tmux drops what it has not read of a process when it hears of its end, so an agent ends when the test has seen its words. */
const endOnceRead = 'until test -e once; do sleep 0.05; done; exit 3';

test('what an agent printed stays readable across its restarts, and --previous is the run before', () =>
  withWorld(async (world) => {
    await world.start();
    // The first run prints more than a screen and ends; it is started again at once.
    const script = `test -e once || { seq -f first-%g 1 300; ${endOnceRead}; }; echo second; exec sleep 100000`;
    world.spec('web.yaml', projectYaml('web', { dev: ['sh', '-c', script] }, { workingDir: world.work }));
    await until('the first run is read', async () => (await lines(world, 'web')).length === 300);
    writeFileSync(join(world.work, 'once'), '');
    await until('it was started again', () => world.agent('web', 'dev')?.restarts === 1);
    const all = [...numbers(1, 300, 'first-'), 'second'];
    await until('all is there', async () => (await lines(world, 'web')).length === all.length);
    expect(await lines(world, 'web')).toEqual(all);
    expect(await lines(world, 'web.dev', '--previous')).toEqual(all.slice(0, -1));
    expect(await lines(world, 'web', '--tail', '2')).toEqual(['first-300', 'second']);
    expect(await lines(world, 'web', '--since', '1h')).toEqual(all);
    const path = outputFile(world, 'dev');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain('second');
  }));

test('a lively agent is saved as it prints, each line once', () =>
  withWorld(async (world) => {
    const running = await world.start();
    const script = 'i=0; while [ $i -lt 900 ]; do i=$((i+1)); echo tick-$((i/2)); sleep 0.01; done; exec sleep 100000';
    world.spec('web.yaml', projectYaml('web', { dev: ['sh', '-c', script] }));
    const all = numbers(1, 900).map((one) => `tick-${Math.floor(Number(one) / 2)}`);
    await until('it has printed all', async () => (await lines(world, 'web')).at(-1) === 'tick-450', 30_000);
    expect(await lines(world, 'web')).toEqual(all);
    await until('most of it is saved', () => readFileSync(outputFile(world, 'dev'), 'utf8').includes('tick-420'));
    expect(await lines(world, 'web')).toEqual(all);

    // The session dies unannounced: what stood on its screen was seen, and is saved.
    await world.tmux('kill-session', '-t', '=web');
    await until('it runs again', () => world.agent('web', 'dev')?.restarts === 1);
    await until('the end is saved', async () => (await lines(world, 'web', '--previous')).length === all.length);
    expect(await lines(world, 'web', '--previous')).toEqual(all);

    // Nobody keeps it up to date now, and it is still told.
    await running.end('SIGKILL');
    expect(await lines(world, 'web', '--previous')).toEqual(all);
  }));

test('logs -f tells each line once, goes on across restarts, and has no effect', () =>
  withWorld(async (world) => {
    await world.start();
    const script = 'echo begin $$; while read line; do echo "got $line"; test "$line" = stop && exit 0; done';
    world.spec('web.yaml', projectYaml('web', { dev: ['sh', '-c', `stty -echo; ${script}`] }));
    await world.ready('web');
    const follower = spawn(process.execPath, [MAIN, 'logs', 'web', '-f'], { env: world.env });
    let out = '';
    follower.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    const says = (text: string) => until(`it says ${text}`, () => out.includes(text));
    try {
      await says('begin');
      await world.tmux('send-keys', '-t', '=web:', 'one', 'Enter');
      await says('got one');
      await world.tmux('send-keys', '-t', '=web:', 'stop', 'Enter');
      await until('it runs again', () => world.agent('web', 'dev')?.restarts === 1);
      await until('both beginnings are told', () => out.split('begin').length === 3);
      await world.tmux('send-keys', '-t', '=web:', 'two', 'Enter');
      await says('got two');
      expect(out.replaceAll(/\d+/g, 'N').split('\n')).toEqual([
        'begin N',
        'got one',
        'got stop',
        'begin N',
        'got two',
        '',
      ]);
    } finally {
      const ended = new Promise((resolve) => follower.once('exit', resolve));
      follower.kill('SIGINT');
      expect(await ended).toBe(0);
    }
  }));

test('a secret that an agent prints stands neither in its file nor in what logs shows', () =>
  withWorld(async (world) => {
    await world.start();
    writeFileSync(join(world.work, 'token'), 'hunter2-hunter2\n');
    const script = `test -e once || { echo "old $TOKEN"; ${endOnceRead}; }; echo "new $TOKEN"; exec sleep 100000`;
    const agent = {
      command: ['sh', '-c', script],
      env: [{ name: 'TOKEN', valueFrom: { file: join(world.work, 'token') } }],
    };
    world.spec('web.yaml', projectYaml('web', { dev: agent }, { workingDir: world.work }));
    await until('the first run is read', async () => (await lines(world, 'web')).length === 1);
    writeFileSync(join(world.work, 'once'), '');
    await until('both runs are told', async () => (await lines(world, 'web')).length === 2);
    expect(await lines(world, 'web')).toEqual(['old [redacted]', 'new [redacted]']);
    expect(readFileSync(outputFile(world, 'dev'), 'utf8')).not.toContain('hunter2');
  }));

test("an agent's output goes with its project", () =>
  withWorld(async (world) => {
    await world.start();
    const script = 'seq 1 200; exec sleep 100000';
    const file = world.spec('web.yaml', projectYaml('web', { dev: ['sh', '-c', script] }));
    await world.ready('web');
    await until('some is saved', () => readFileSync(outputFile(world, 'dev'), 'utf8').includes('"150"'));
    rmSync(file);
    const folders = () => readdirSync(join(world.state, 'agents')).filter((name) => name !== '.fifos');
    await until('nothing is left', () => world.status('web') === undefined && folders().length === 0);
  }));
