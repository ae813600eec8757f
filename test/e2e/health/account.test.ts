import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pidsOf } from '../support/agents.ts';
import { giveClock } from '../support/clock.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { standIn } from './stand-in.ts';
import { classReason, classStatus, conditionOf } from './support.ts';

const CODER = { class: 'coder' };
const HOUR = 3_600_000;

function warnings(world: World, reason: string, kind = 'AgentClass'): Promise<number> {
  return world.muxlet('events', '-o', 'json').then(({ stdout }) => {
    const { items } = JSON.parse(stdout) as {
      items: { reason: string; type: string; count: number; involvedObject: { kind: string } }[];
    };
    return items
      .filter(({ type }) => type === 'Warning')
      .filter((event) => event.reason === reason && event.involvedObject.kind === kind)
      .reduce((sum, { count }) => sum + count, 0);
  });
}

describe('the login of an account', () => {
  test('[S118] [S119] is lost: all its agents are held once, none is restarted, and all go on within 30 s of its return', () =>
    withWorld(async (world) => {
      const token = join(world.root, 'said', 'token');
      const coder = standIn(world, { auth: { check: ['test', '-e', token] } });
      const team = { dev: CODER, test: CODER, ops: CODER };
      world.spec('web.yaml', projectYaml('web', team));
      world.spec('api.yaml', projectYaml('api', { lead: CODER }));
      world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
      await world.start();
      for (const project of ['web', 'api', 'other']) await world.ready(project);
      const before = { ...pidsOf(world, 'web') };
      coder.logOut();
      for (const agent of ['dev', 'test', 'ops']) await coder.says(agent, { status: 'out' });
      await classReason(world, 'coder', 'Authenticated', 'LoginLost');
      await until('the project says it', () => world.status('web')?.status.phase === 'Authenticating');
      // The check that fails is seen, and one that ends is not started again.
      await coder.says('ops', { status: 'out', exit: 1 });
      await until('it is held', () => world.agent('web', 'ops')?.reason === 'AccountHeld');
      expect(world.agent('web', 'ops')).toMatchObject({ failures: 0, lastExit: { kind: 'Auth' } });
      await until('the check has failed', () => classStatus(world, 'coder')?.login?.check === 'Failed', 20_000);
      await holds('nobody is restarted', 1000, () =>
        ['dev', 'test', 'ops'].every((agent) => coder.starts(agent) === 1),
      );
      expect(pidsOf(world, 'web')).toMatchObject({ dev: before['dev'], test: before['test'] });
      expect(await warnings(world, 'LoginLost')).toBe(1);
      const back = Date.now();
      coder.logIn();
      await until(
        'all are started anew',
        () =>
          ['dev', 'test', 'ops'].every((agent) => coder.starts(agent) === 2) ||
          Promise.reject(new Error(JSON.stringify(world.status('web')?.status))),
        30_000,
      );
      await world.ready('web');
      expect(Date.now() - back).toBeLessThan(30_000);
      // Who did not show the loss worked on.
      expect(coder.starts('lead')).toBe(1);
      expect(world.agent('web', 'dev')).toMatchObject({ failures: 0, restarts: 1, lastExit: { kind: 'Ended' } });
      expect(conditionOf(world.status('web')?.status, 'Authenticated')).toMatchObject({ status: 'True' });
      expect(await warnings(world, 'LoginLost')).toBe(1);
    }));
});

describe('the usage limit of an account', () => {
  const LIMITS = { resets: [String.raw`resets (?<hour>\d{1,2}):(?<minute>\d\d)(?<ampm>am|pm) \((?<zone>[^)]+)\)`] };

  /** Two hours from now, as programs say it. */
  function inTwoHours(): { text: string; at: number } {
    const at = Math.ceil((Date.now() + 2 * HOUR) / 60_000) * 60_000;
    const date = new Date(at);
    const hour = date.getUTCHours();
    const minute = String(date.getUTCMinutes()).padStart(2, '0');
    return {
      at,
      text: `You've hit your session limit · resets ${hour % 12 || 12}:${minute}${hour < 12 ? 'am' : 'pm'} (UTC)`,
    };
  }

  test('[S124] [S127] [S129] [S130] holds until the stated time and two minutes, also across a controller that was down, and a project may wait for a person', () =>
    withWorld(async (world) => {
      const setOffset = giveClock(world);
      const coder = standIn(world, { limits: LIMITS });
      world.spec('web.yaml', projectYaml('web', { dev: CODER, test: CODER }));
      const slow = JSON.parse(projectYaml('slow', { lead: CODER })) as { metadata: Record<string, unknown> };
      slow.metadata['annotations'] = { 'muxlet.dev/limits': 'wait' };
      world.spec('slow.yaml', JSON.stringify(slow));
      const first = await world.start();
      await world.ready('web');
      await world.ready('slow');
      const { text, at } = inTwoHours();
      for (const agent of ['dev', 'lead']) await coder.says(agent, { status: 'limited', text });
      await classReason(world, 'coder', 'WithinLimits', 'UsageLimit');
      await until(
        'the time is read',
        () => Date.parse(classStatus(world, 'coder')?.limit?.until ?? '') === at + 120_000,
      );
      await until(
        'the agent says until when',
        () => Date.parse(world.agent('web', 'dev')?.heldUntil ?? '') === at + 120_000,
      );
      // One that ends meanwhile is neither a failure nor started again.
      for (const agent of ['dev', 'lead']) await coder.says(agent, { status: 'limited', text, exit: 1 });
      await until(
        'it is held',
        () =>
          world.agent('web', 'dev')?.reason === 'AccountHeld' && world.agent('slow', 'lead')?.reason === 'AccountHeld',
      );
      expect(world.agent('web', 'dev')).toMatchObject({ failures: 0, lastExit: { kind: 'Limit' } });
      // One word for one thing: two agents of two projects show it, and the account is what a person is warned of.
      expect([await warnings(world, 'UsageLimit'), await warnings(world, 'Limited', 'Project')]).toEqual([1, 0]);
      expect(conditionOf(world.status('web')?.status, 'Stalled')).toMatchObject({ status: 'False' });
      await first.end();
      setOffset(2 * HOUR - 60_000);
      const second = await world.start();
      await holds('it is not over yet', 1500, () => coder.starts('dev') === 1);
      await second.end();
      setOffset(2 * HOUR + 4 * 60_000);
      await world.start();
      await until('it goes on', () => coder.starts('dev') === 2, 20_000);
      await holds(
        'once, and not where a person is to say when',
        1500,
        () => coder.starts('dev') === 2 && coder.starts('lead') === 1,
      );
      await world.muxlet('annotate', 'project', 'slow', 'muxlet.dev/limits=resume', '--overwrite');
      await until('a person said so', () => coder.starts('lead') === 2);
      expect(coder.starts('test')).toBe(1);
    }));

  test('[S92] [S127] [S129] [S130] is over: who stands where it stopped them is told so once, unless the program or a person says when', () =>
    withWorld(async (world) => {
      const setOffset = giveClock(world);
      const coder = standIn(world, { limits: { fallbackMinutes: 0, goOn: 'go on now' } });
      const policies = { web: undefined, own: 'own', slow: 'wait' } as const;
      for (const [name, policy] of Object.entries(policies)) {
        const project = JSON.parse(projectYaml(name, { [`${name}-dev`]: CODER })) as {
          metadata: Record<string, unknown>;
        };
        if (policy !== undefined) project.metadata['annotations'] = { 'muxlet.dev/limits': policy };
        world.spec(`${name}.yaml`, JSON.stringify(project));
      }
      const first = await world.start();
      for (const name of Object.keys(policies)) await world.ready(name);
      for (const name of Object.keys(policies)) await coder.says(`${name}-dev`, { status: 'limited', text: 'limit' });
      await classReason(world, 'coder', 'WithinLimits', 'UsageLimit');
      await until('all say so', () =>
        Object.keys(policies).every((name) => world.agent(name, `${name}-dev`)?.heldUntil),
      );
      await first.end();
      setOffset(5 * HOUR + 60_000);
      const second = await world.start();
      await until('it is told', () => coder.heard('web-dev').length === 1, 20_000);
      expect(coder.heard('web-dev')[0]).toMatch(/^\[msg \w+\] go on now$/);
      await second.end('SIGKILL');
      await world.start();
      await until('the class is looked at again', () => classStatus(world, 'coder')?.limit?.endedAt);
      await holds('once, and nobody else', 5000, () =>
        Object.keys(policies).every((name) => coder.heard(`${name}-dev`).length === Number(name === 'web')),
      );
      for (const name of Object.keys(policies)) expect(coder.starts(`${name}-dev`)).toBe(1);
    }));

  test('[S128] asks what is to be done about it: that is answered before anything is typed, and only where somebody approved it', () =>
    withWorld(async (world) => {
      const dialogs = [{ name: 'LimitMenu', pattern: '^1\\. Stop and wait', answers: { wait: ['1'] } }];
      const coder = standIn(world, { limits: { fallbackMinutes: 0.15, goOn: 'go on now' }, dialogs });
      const approvals = [{ dialog: 'LimitMenu', answer: 'wait' }];
      world.spec('web.yaml', projectYaml('web', { dev: { ...CODER, approvals }, test: CODER }));
      await world.start();
      await world.ready('web');
      const menu = {
        status: 'menu',
        text: 'limit',
        shows: '1. Stop and wait for the limit to reset\r\n2. Upgrade\r\n',
      };
      for (const agent of ['dev', 'test']) await coder.says(agent, menu);
      await until('it is answered', () => coder.bytes('dev') === '1');
      await coder.says('dev', { status: 'limited', text: 'limit', shows: '\u001b[2J\u001b[Hwaiting' });
      await until('it is told to go on', () => coder.heard('dev').length === 1, 25_000);
      expect(coder.heard('dev')[0]).toMatch(/^1\[msg \w+\] go on now$/);
      await holds('nothing is typed where the question is open', 2000, () => coder.bytes('test') === '');
    }));

  test('[S125] [S131] of which no time can be read holds for the fallback; trouble that passes holds nobody', () =>
    withWorld(async (world) => {
      const coder = standIn(world, { limits: { fallbackMinutes: 0 } });
      world.spec('web.yaml', projectYaml('web', { dev: CODER, test: CODER }));
      await world.start();
      await world.ready('web');
      await coder.says('test', { status: 'busy', text: '429, retrying' });
      await until('it works', () => world.agent('web', 'test')?.state === 'Busy');
      expect(conditionOf(classStatus(world, 'coder'), 'WithinLimits')?.status).not.toBe('False');
      await coder.says('dev', { status: 'limited', text: 'limit reached' });
      await classReason(world, 'coder', 'WithinLimits', 'UsageLimit');
      const { since, until: end } = classStatus(world, 'coder')?.limit ?? {};
      expect(Date.parse(end ?? '') - Date.parse(since ?? '')).toBe(5 * HOUR);
    }));

  test('[S131] a turn that failed for a trouble that passes is gone on with after a while, after twice that the next time, and no other', () =>
    withWorld(async (world) => {
      const coder = standIn(world, { limits: { retryMinutes: 0.03 } });
      world.spec('web.yaml', projectYaml('web', { dev: CODER, test: CODER }));
      const first = await world.start();
      await world.ready('web');
      await coder.says('test', { status: 'Permanent' });
      await coder.says('dev', { status: 'Transient' });
      await until('it is told', () => coder.heard('dev').length === 1);
      expect(coder.heard('dev')[0]).toContain('Go on with your work');
      await first.end('SIGKILL');
      await world.start();
      await coder.says('dev', { status: 'busy' });
      await until('it works', () => world.agent('web', 'dev')?.state === 'Busy');
      await coder.says('dev', { status: 'Transient' });
      const failedAgain = Date.now();
      await until('it is told again', () => coder.heard('dev').length === 2);
      expect(Date.now() - failedAgain).toBeGreaterThan(2500);
      expect(world.agent('web', 'dev')?.failedTurn?.told).toBe(1);
      await coder.says('dev', { status: 'idle' });
      await until('it is over', () => world.agent('web', 'dev')?.state === 'Idle');
      expect(world.agent('web', 'dev')?.failedTurn).toBeUndefined();
      expect(coder.bytes('test')).toBe('');
    }));
});
