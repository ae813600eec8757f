import { expect, test } from 'vitest';
import { holds, until, type World, withWorld } from '../support/world.ts';
import { events, object, reportAs, type Talker, talkers, textOf } from './support.ts';

const LEAD = { role: 'lead' };

async function team(world: World): Promise<Talker[]> {
  world.spec('lead.yaml', object('AgentRole', 'lead', { hub: true, briefing: 'Lead.' }));
  return talkers(world, ['hub', 'dev', 'ops'], { agents: { hub: LEAD } });
}

test('[S100] only what is reported as such goes to the hub, and to nobody else', () =>
  withWorld(async (world) => {
    await world.start();
    const [hub, dev, ops] = await team(world);
    await world.muxlet('send', '--to', 'web/ops', '--wait', 'the issue is done, no question');
    await reportAs(world, 'dev', 'status', 'half', 'way');
    await until('it is shown', () => dev?.status()?.report?.text === 'half way');
    expect(hub?.prompts()).toEqual([]);
    await reportAs(world, 'dev', 'question', 'which port?');
    await until('the hub hears of it', () => hub?.prompts().length === 1);
    expect(hub?.prompts().map(textOf)).toEqual(['report of dev, question: which port?']);
    expect(dev?.status()?.report).toMatchObject({ type: 'question', text: 'which port?' });
    expect(ops?.prompts()).toHaveLength(1);
  }));

test('[S112] reports that contradict each other are put before the hub once', () =>
  withWorld(async (world) => {
    await world.start();
    const [hub] = await team(world);
    await reportAs(world, 'ops', 'done', 'deployed');
    await reportAs(world, 'dev', 'failed', 'the page is down');
    const conflicts = (): string[] => (hub?.prompts() ?? []).map(textOf).filter((text) => text.includes('contradict'));
    await until('the hub hears of it', () => conflicts().length === 1);
    expect(conflicts()[0]).toContain('ops says done ("deployed"); dev says failed ("the page is down")');
    await holds('once', 2500, () => conflicts().length === 1);
    expect(await events(world, 'ReportConflict')).toHaveLength(1);
  }));

test('[S111] a team in which everybody waits for another is put before the hub once', () =>
  withWorld(async (world) => {
    world.env['MUXLET_TEAM_WAIT'] = '3';
    await world.start();
    const [hub] = await team(world);
    for (const one of ['dev', 'ops']) await reportAs(world, one, 'blocked', 'awaiting go-ahead');
    const asked = (): string[] =>
      (hub?.prompts() ?? []).map(textOf).filter((text) => text.includes('nobody of the team'));
    await until('the hub is asked', () => asked().length === 1, 25_000);
    await holds('once', 4000, () => asked().length === 1);
    expect(await events(world, 'TeamWaits')).toHaveLength(1);
  }));

test('without a hub a question is for a person', () =>
  withWorld(async (world) => {
    await world.start();
    await talkers(world, ['dev']);
    await reportAs(world, 'dev', 'blocked', 'no access');
    await until('it is said', async () => (await events(world, 'ReportedBlocked')).length === 1);
    expect((await events(world, 'ReportedBlocked'))[0]?.message).toContain('dev, blocked: no access');
  }));
