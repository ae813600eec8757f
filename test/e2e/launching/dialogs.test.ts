import { expect, test } from 'vitest';
import { holds, projectYaml, until, type World, withWorld } from '../support/world.ts';
import { keys, putClass } from './support.ts';

const TRUST = { approvals: [{ dialog: 'TrustDialog', answer: 'accept' }] };

function put(world: World, agents: Record<string, Record<string, unknown>>): void {
  putClass(world, 'asks');
  const all = Object.entries(agents).map(([name, more]) => [name, { class: 'asks', ...more }]);
  world.spec('web.yaml', projectYaml('web', Object.fromEntries(all)));
}

async function events(world: World, reason: string): Promise<string[]> {
  const { stdout } = await world.muxlet('events', '-o', 'json');
  const { items } = JSON.parse(stdout) as { items: { reason: string; message: string }[] };
  return items.filter((event) => event.reason === reason).map(({ message }) => message);
}

test('[S97] [S120] [S121] [S123] no dialog is answered unless the project says how; then it is, once', () =>
  withWorld(async (world) => {
    put(world, {
      asked: { args: ['--dialog', 'trust'], briefing: 'build it' },
      trusted: { args: ['--dialog', 'trust'], ...TRUST },
      other: { args: ['--dialog', 'bypass'], ...TRUST },
    });
    await world.start();
    await until('the trusted one is up', () => world.agent('web', 'trusted')?.state === 'Idle');
    await until('the others wait', () => world.agent('web', 'asked')?.state === 'Waiting');
    await until('the others wait', () => world.agent('web', 'other')?.state === 'Waiting');
    expect(world.agent('web', 'asked')).toMatchObject({ reason: 'TrustDialog' });
    expect(world.agent('web', 'other')).toMatchObject({ reason: 'BypassDialog' });
    await holds('nothing is typed that nobody approved', 2500, () => {
      return keys(world, 'asked') === '' && keys(world, 'other') === '' && keys(world, 'trusted') === '1';
    });
    expect(world.agent('web', 'trusted')?.approval).toBeUndefined();
    expect(await events(world, 'DialogAnswered')).toEqual(["answer trusted's TrustDialog with accept"]);
    // A person answers, and that is that.
    const pane = world.agent('web', 'asked')?.pane?.id ?? '';
    await world.tmux('send-keys', '-t', pane, '1');
    await until('the person was heard', () => world.agent('web', 'asked')?.state === 'Idle');
  }));

test('[S121] an answer that does nothing is given three times, and then a person is told', () =>
  withWorld(async (world) => {
    put(world, { deaf: { args: ['--dialog', 'trust', '--deaf', 'yes'], ...TRUST } });
    await world.start();
    await until('it is given up', () => world.agent('web', 'deaf')?.approval?.state === 'GivenUp', 30_000);
    expect(keys(world, 'deaf')).toBe('111');
    expect(world.agent('web', 'deaf')).toMatchObject({ state: 'Waiting', reason: 'TrustDialog' });
    expect(await events(world, 'DialogUnanswered')).toHaveLength(1);
    await holds('nothing more is typed', 1500, () => keys(world, 'deaf') === '111');
  }));
