import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SpecSource } from '../../../controller/store/specs/spec-source.ts';
import { codes, createWorld, project, type Started, start, type World, wanted } from './support.ts';

let world: World;
const started: Started[] = [];
beforeEach(() => {
  world = createWorld();
});
afterEach(() => {
  for (const { stop } of started.splice(0)) stop();
  world.remove();
});

async function run(source: SpecSource): Promise<Started> {
  const running = await start(source);
  started.push(running);
  return running;
}

const applied = (kind: string, name: string) => join(world.root, 'state/applied', kind, `${name}.json`);

describe('two looks', () => {
  it('confirms what is new 250 ms later, by itself, and tells it again', async () => {
    world.write('web.yaml', project('web', 'one'));
    const source = world.source();
    const running = await run(source);
    expect(running.told()).toContain('project/web');
    expect(wanted(source, 'web')).toBe('Present one?');
    await world.clock.pass(249);
    expect(wanted(source, 'web')).toBe('Present one?');
    await world.clock.pass(1);
    expect(wanted(source, 'web')).toBe('Present one');
    expect(running.told()).toEqual(['project/web']);
    await world.clock.pass(60_000);
    expect(running.told()).toEqual([]);
  });

  it('confirms a removal only then, and only then forgets the last good version', async () => {
    const path = world.write('web.yaml', project('web', 'one'));
    const source = world.source();
    const running = await run(source);
    await world.clock.pass(250);
    running.told();
    rmSync(path);
    await source.reload();
    expect(wanted(source, 'web')).toBe('Absent?');
    expect(running.told()).toEqual(['project/web']);
    expect(existsSync(applied('project', 'web'))).toBe(true);
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Absent');
    expect(running.told()).toEqual(['project/web']);
    await vi.waitFor(() => expect(existsSync(applied('project', 'web'))).toBe(false), { interval: 1 });
  });

  it('never confirms a version that was there for a moment, and falls back on the one before', async () => {
    world.write('web.yaml', project('web', 'one'));
    const source = world.source();
    await run(source);
    await world.clock.pass(250);
    world.write('web.yaml', project('web', 'half'));
    await source.reload();
    expect(wanted(source, 'web')).toBe('Present half?');
    world.write('web.yaml', 'broken: [');
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Present one?');
    expect(JSON.parse(readFileSync(applied('project', 'web'), 'utf8')).object.spec.agents[0].command[2]).toBe('one');
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Present one');
  });

  it('sees a file that is renamed as the same object', async () => {
    const path = world.write('a.yaml', project('web', 'one'));
    const source = world.source();
    const running = await run(source);
    await world.clock.pass(250);
    running.told();
    rmSync(path);
    world.write('b.yaml', project('web', 'one'));
    await source.reload();
    expect(running.told()).toEqual([]);
    expect(wanted(source, 'web')).toBe('Present one');
    expect(JSON.parse(readFileSync(applied('project', 'web'), 'utf8')).source).toBe('b.yaml');
  });

  it('takes an emptied file for a half-written one for 2 s, then for a removal', async () => {
    world.write('web.yaml', project('web', 'one'));
    const source = world.source();
    await run(source);
    await world.clock.pass(250);
    world.write('web.yaml', ' \n');
    await source.reload();
    await world.clock.pass(1999);
    expect(wanted(source, 'web')).toBe('Present one');
    expect(codes(source)).toEqual([]);
    await world.clock.pass(1);
    expect(wanted(source, 'web')).toBe('Absent?');
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Absent');
  });

  it('does not call an unknown object gone while a file may hold it', async () => {
    world.write('x.yaml', 'a: [');
    const source = world.source();
    await run(source);
    await world.clock.pass(1000);
    expect(wanted(source, 'web')).toBe('Absent?');
    world.write('x.yaml', project('web').replace('agents', 'agent'));
    await source.reload();
    await world.clock.pass(1000);
    expect([wanted(source, 'web'), wanted(source, 'other')]).toEqual(['Absent?', 'Absent']);
    world.write('x.yaml', project('x'));
    await source.reload();
    await world.clock.pass(1000);
    expect([wanted(source, 'web'), wanted(source, 'x')]).toEqual(['Absent', 'Present sleep infinity']);
  });

  it('never confirms the removal of an object on the way from one content to another', async () => {
    const whole = `${project('web', 'one')}---\n${project('api', 'two')}`;
    const cut = fc.oneof(
      fc.nat(whole.length).map((end) => whole.slice(0, end)),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 5 }), async (steps) => {
        rmSync(join(world.root, 'state'), { recursive: true, force: true });
        world.write('web.yaml', whole);
        const source = world.source();
        const running = await start(source);
        await world.clock.pass(250);
        for (const text of steps) {
          world.write('web.yaml', text);
          await source.reload();
          for (const name of ['web', 'api']) expect(wanted(source, name)).not.toBe('Absent');
          await world.clock.pass(100);
        }
        world.write('web.yaml', whole);
        await source.reload();
        await world.clock.pass(250);
        expect([wanted(source, 'web'), wanted(source, 'api')]).toEqual(['Present one', 'Present two']);
        running.stop();
      }),
      { numRuns: 40 },
    );
  });
});
