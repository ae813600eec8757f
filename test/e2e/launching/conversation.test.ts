import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { projectYaml, until, type World, withWorld } from '../support/world.ts';
import { folderOf, notes, putClass, starts } from './support.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function put(world: World, agent: Record<string, unknown> = {}): void {
  world.spec('web.yaml', projectYaml('web', { dev: { class: 'stand-in', workingDir: world.work, ...agent } }));
}

async function kill(world: World): Promise<void> {
  const { pid } = world.agent('web', 'dev') ?? {};
  if (pid === undefined) throw new Error('it does not run');
  const before = notes(world, 'dev').length;
  signalProcess(pid, 'SIGKILL');
  await until('it is up again', () => notes(world, 'dev').length >= before + 2);
  await until('its new run is shown', () => {
    const now = world.agent('web', 'dev');
    return now?.pid !== undefined && now.pid !== pid && now.state === 'Idle';
  });
}

test('[S65] an agent that was killed goes on with its own conversation, and not with the newest', () =>
  withWorld(async (world) => {
    putClass(world, 'stand-in');
    put(world, { args: ['--more'], briefing: 'line one\nline "two" $HOME' });
    await world.start();
    const [first] = await until('it was started', () => {
      const all = starts(world, 'dev');
      // It may run before the status that tells of it stands in its file.
      return all.length > 0 && notes(world, 'dev').length > 1 && world.agent('web', 'dev')?.uid !== undefined && all;
    });
    const id = first?.args[1] ?? '';
    expect(id).toMatch(UUID);
    const hook = join(folderOf(world, 'web', 'dev'), 'hook');
    expect(first?.args.slice(0, 5)).toEqual(['--session-id', id, '--hook', hook, '--more']);
    writeFileSync(join(world.root, 'conversations', 'newer.jsonl'), '{}');
    await until('it runs', () => world.agent('web', 'dev')?.state === 'Idle');
    await kill(world);
    const again = starts(world, 'dev').at(-1)?.args ?? [];
    expect(again.slice(0, -1)).toEqual(['--resume', id, '--hook', hook, '--more']);
    expect(again.at(-1)).toMatch(/^You were started again .*line one\nline "two" \$HOME$/s);
    // Nothing is left to go on with: a new conversation, under a new id.
    rmSync(join(world.root, 'conversations'), { recursive: true });
    await kill(world);
    const [flag, next = ''] = starts(world, 'dev').at(-1)?.args ?? [];
    expect(flag).toBe('--session-id');
    expect(next).toMatch(UUID);
    expect(next).not.toBe(id);
  }));

test('[S65] a conversation that the program itself named is gone on with, also if it did so while nobody listened', () =>
  withWorld(async (world) => {
    putClass(world, 'stand-in', { conversation: { id: 'Reported' }, start: { args: ['--hook', '{{ hook }}'] } });
    put(world, { args: ['--slow', '1500'] });
    const controller = await world.start();
    await until('it was started', () => starts(world, 'dev').length === 1 && world.agent('web', 'dev')?.pid);
    await controller.end('SIGKILL');
    expect(notes(world, 'dev')).toHaveLength(1);
    await until('it has told its hook', () => notes(world, 'dev').length === 2);
    const records = readFileSync(join(folderOf(world, 'web', 'dev'), 'hooks.json-seq'), 'utf8');
    expect(records).toMatch(/^\x1e\d+ \{"event":"SessionStart","session_id":"dev-own"\}\n$/);
    await world.start();
    await until('the conversation is known', () => world.agent('web', 'dev')?.conversation === 'dev-own');
    await kill(world);
    expect(starts(world, 'dev').at(-1)?.args.slice(0, 2)).toEqual(['--resume', 'dev-own']);
  }));

test('a hook that somebody deleted with the state is put back while its agent runs', () =>
  withWorld(async (world) => {
    putClass(world, 'stand-in');
    put(world);
    await world.start('--resync', '1s');
    await until('it runs', () => world.agent('web', 'dev')?.state === 'Idle');
    const { pid, uid } = world.agent('web', 'dev') ?? {};
    const hook = join(world.state, 'agents', uid ?? '', 'hook');
    rmSync(join(world.state, 'agents'), { recursive: true });
    await until('the hook is back', () => readFileSync(hook, 'utf8'));
    expect(world.agent('web', 'dev')?.pid).toBe(pid);
  }));
