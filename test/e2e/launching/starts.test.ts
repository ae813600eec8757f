import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectYaml, until, withWorld } from '../support/world.ts';
import { notes, putClass, starts } from './support.ts';

test('[S96] [S132] of one account at most two start at the same time, and the next one begins once another is up', () =>
  withWorld(async (world) => {
    putClass(world, 'slow');
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const agents = Object.fromEntries(names.map((name) => [name, { class: 'slow', args: ['--slow', '400'] }]));
    world.spec('web.yaml', projectYaml('web', { ...agents, shell: ['sleep', '100000'] }));
    await world.start();
    await until('those that have to wait say so', () =>
      names.some((name) => world.agent('web', name)?.reason === 'StartingOthers'),
    );
    expect(world.status('web')?.status.conditions).not.toContainEqual(
      expect.objectContaining({ type: 'Stalled', status: 'True' }),
    );
    await until('who shares no account waits for nobody', () => world.agent('web', 'shell')?.pid);
    expect(names.every((name) => notes(world, name).length === 2)).toBe(false);
    await until('all are up', () => names.every((name) => notes(world, name).length === 2), 30_000);
    const spans = names.map((name) => notes(world, name).map(({ at }) => at));
    const most = spans.map(([begun = 0]) => spans.filter(([from = 0, to = 0]) => from <= begun && begun < to).length);
    expect(Math.max(...most)).toBe(2);
    // No waiting by the clock: six of 400 ms, two at a time, with what two looks and a loaded machine take.
    expect(Math.max(...spans.flat()) - Math.min(...spans.flat())).toBeLessThan(9000);
  }));

test('an agent is given what its class names, and the tmux server knows none of it; no more run than the plan of its account carries', () =>
  withWorld(async (world) => {
    world.env['STAND_IN_TOKEN'] = 'token-for-the-class';
    world.env['OTHER_TOKEN'] = 'token-for-nobody';
    putClass(world, 'heir', { inherit: ['STAND_IN_TOK*'], plan: 'solo', plans: { solo: 1 } });
    world.spec('web.yaml', projectYaml('web', { dev: { class: 'heir' }, other: ['sleep', '100000'] }));
    await world.start();
    await until('it is up', () => world.agent('web', 'dev')?.state === 'Idle' && world.agent('web', 'other')?.pid);
    world.spec('late.yaml', projectYaml('late', { next: { class: 'heir' } }));
    const [note] = starts(world, 'dev');
    expect(note?.env).toEqual({
      PATH: `${world.state}/bin:${world.env['PATH']}`,
      MUXLET_STATE: world.state,
      MUXLET_SPECS: world.specs,
      STAND_IN_TOKEN: 'token-for-the-class',
    });
    const env = { ...note?.env, HOME: world.root };
    expect(execFileSync('muxlet', ['get', 'projects', '-o', 'name'], { env, encoding: 'utf8' })).toContain('web');
    const holders = readdirSync('/proc').filter((pid) => {
      try {
        const own = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        return own.includes(`TMUX_TMPDIR=${world.env['TMUX_TMPDIR']}`) && /token-for/.test(own.join(' '));
      } catch {
        return false;
      }
    });
    const commands = holders.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
    expect(commands.filter((command) => !command.includes('stand-in.mjs') && !command.includes('main.js'))).toEqual([]);
    expect(commands.some((command) => command.includes('stand-in.mjs'))).toBe(true);
    const seen = readdirSync('/proc').map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
    expect(seen.filter((command) => command.includes('token-for'))).toEqual([]);
    expect(await world.tmux('show-environment', '-g')).not.toContain('token-for');
    expect(await world.tmux('show-environment', '-t', '=web:')).not.toContain('token-for');
    expect(readFileSync(join(world.state, 'journal.ndjson'), 'utf8')).not.toContain('token-for');
    await until('the next one waits', () => world.agent('late', 'next')?.reason === 'AgentsTaken');
    expect(world.agent('late', 'next')).toMatchObject({
      state: 'Pending',
      message: 'plan solo carries 1 at once of class heir, and 1 run',
    });
    rmSync(join(world.specs, 'web.yaml'));
    await until('it is started once there is room', () => world.agent('late', 'next')?.state === 'Idle', 20_000);
  }));
