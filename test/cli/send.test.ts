import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bench, specText, statusOf, storedText } from './harness.ts';

async function team(env: Record<string, string>) {
  const it = await bench({ env });
  await it.write('specs/web.yaml', specText('web', { agents: ['dev', 'ops'] }));
  await it.write('specs/ops.yaml', specText('ops'));
  await it.write('state/status/project/web.json', storedText('web', statusOf(['dev', 'ops'])));
  const target = async (to: string) => {
    const { code, err } = await it.run('send', '--to', to, 'hello');
    if (code !== 0) return err;
    const folder = join(it.root, 'state/messages');
    const newest = readdirSync(folder).sort().at(-1) ?? '';
    return JSON.parse(await it.read(`state/messages/${newest}`)).spec.to;
  };
  return target;
}

const DEV = { MUXLET_PROJECT: 'web', MUXLET_AGENT: 'dev' };

test('in the terminal of an agent a name alone is an agent of its own project, before any project', async () => {
  expect(await (await team(DEV))('ops')).toEqual({ project: 'web', agent: 'ops' });
});

test('elsewhere a name alone is a project', async () => {
  expect(await (await team({}))('ops')).toEqual({ project: 'ops' });
});

test('an agent that names itself is told how one does that', async () => {
  expect(await (await team(DEV))('dev')).toContain('say --to self');
});

describe('by labels', () => {
  async function labelled(...args: string[]) {
    const it = await bench();
    await it.write('specs/web.yaml', specText('web', { labels: { team: 'shop', tier: 'front' } }));
    const { code, out, err } = await it.run('send', ...args, 'hello');
    if (code === 0) return JSON.parse(await it.read(`state/messages/${out.trim()}.json`)).spec.to;
    expect(existsSync(join(it.root, 'state/messages')), 'nothing is left').toBe(false);
    return err;
  }

  test('a message goes to the projects that have them all', async () => {
    expect(await labelled('-l', 'team=shop,tier in (front)')).toEqual({ selector: { team: 'shop', tier: 'front' } });
  });

  test.each([
    ['no project has the labels team=shop,tier=back', ['-l', 'team=shop,tier=back']],
    ['cannot be given together', ['-l', 'team=shop', '--to', 'web']],
    ['to whom?', []],
    ['one value each', ['-l', 'team!=shop']],
    ['one value each', ['-l', 'team in (shop,web)']],
    ['one value each', ['-l', 'team=shop,team=web']],
    ['one value each', ['-l', 'team']],
    ['one value each', ['-l', '']],
  ])('or it is refused: %s for %j', async (why, args) => {
    expect(await labelled(...args)).toContain(why);
  });
});
