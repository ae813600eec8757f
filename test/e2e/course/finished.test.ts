import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentUid } from '../../../controller/api/metadata.ts';
import { agentNames } from '../support/agents.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';
import { followPhases, reasons, runOf, stage } from './support.ts';

const ONCE = { restartPolicy: 'Never' } as const;

/** The same project with a label, so that its file changes and its spec does not. */
function labelled(text: string, labels: Record<string, string>): string {
  const project = JSON.parse(text) as { metadata: Record<string, unknown> };
  project.metadata['labels'] = labels;
  return JSON.stringify(project);
}

function finishedAt(world: World, project: string): string | undefined {
  return runOf(world, project)?.finishedAt;
}

test(
  '[S67] [S68] [S69] [S107] nothing that happens to a project that has finished changes its result',
  () =>
    withWorld(async (world) => {
      const good = projectYaml('good', { dev: { command: ['true'], ...ONCE } });
      const bad = projectYaml('bad', { dev: { command: ['false'], ...ONCE } });
      world.spec('good.yaml', good);
      world.spec('bad.yaml', bad);
      const first = await world.start();
      await stage(world, 'good', 'Finished');
      await stage(world, 'bad', 'Finished');
      const phases = [followPhases(world, 'good'), followPhases(world, 'bad')];
      const before = [finishedAt(world, 'good'), finishedAt(world, 'bad')];
      const same = (): boolean => finishedAt(world, 'good') === before[0] && finishedAt(world, 'bad') === before[1];
      // Annotations, labels and what becomes of it afterwards are no other work.
      world.spec('good.yaml', labelled(good, { team: 'a' }));
      world.spec('bad.yaml', labelled(bad, { team: 'b' }));
      await until('the labels are taken', () => world.status('bad')?.metadata.labels?.['team'] === 'b');
      expect(world.status('bad')?.metadata.generation).toBe(1);
      await world.tmux('kill-window', '-t', '=good:dev');
      await world.tmux('kill-session', '-t', '=bad');
      await holds('it stays finished', 1500, same);
      await first.end('SIGKILL');
      await world.tmux('kill-server');
      const second = await world.start();
      await holds('it stays finished', 1500, same);
      await second.end();
      await world.start();
      await holds('it stays finished', 1000, same);
      for (const [index, name] of ['Completed', 'Failed'].entries()) {
        phases[index]?.end();
        expect(phases[index]?.seen).toEqual([name]);
      }
      expect(agentNames(world)).toEqual([]);
      expect(await reasons(world, 'good')).toMatchObject({ Completed: 1 });
    }),
  120_000,
);

test('[S66] an agent that works in a project that has failed is left alone, and a person is told', () =>
  withWorld(async (world) => {
    world.spec('web.yaml', projectYaml('web', { dev: { command: ['false'], ...ONCE } }));
    await world.start();
    await stage(world, 'web', 'Finished');
    const pane = world.agent('web', 'dev')?.pane?.id ?? '';
    await world.tmux('respawn-pane', '-t', pane, 'sleep 100000');
    const status = await until(
      'it is flagged',
      () => {
        const now = world.status('web')?.status;
        return now?.conditions.some(({ type, reason }) => type === 'Stalled' && reason === 'StillRunning')
          ? now
          : undefined;
      },
      40_000,
    );
    expect(status.phase).toBe('Failed');
    expect(status.run?.result).toBe('Failed');
    await holds('it is left alone', 2000, async () => {
      return (
        (await world.tmux('display-message', '-p', '-t', pane, '#{pane_dead} #{pane_current_command}')) === '0 sleep'
      );
    });
    expect(await reasons(world, 'web')).toMatchObject({ StillRunning: 1 });
  }));

test('a project that has finished runs again for a spec that may change its result: of a completed one, who is changed', () =>
  withWorld(async (world) => {
    const lead = { command: ['true'], ...ONCE };
    const spec = (dev: readonly string[], more: Record<string, unknown> = {}): string =>
      projectYaml('web', { lead, dev: { command: dev, ...ONCE } }, more);
    world.spec('web.yaml', spec(['false']));
    await world.start();
    const failed = await stage(world, 'web', 'Finished');
    world.spec('web.yaml', spec(['false'], { ttlAfterFinished: '1d', priority: 3 }));
    await until('the spec is taken', () => world.status('web')?.metadata.generation === 2);
    await holds('that is no other work', 1000, () => finishedAt(world, 'web') === failed.run?.finishedAt);
    const run = (): string | undefined => world.agent('web', 'lead')?.run;
    const first = run();
    world.spec('web.yaml', spec(['true'], { goal: 'Another one.' }));
    const completed = await until('it is complete', () => {
      const now = world.status('web')?.status;
      return now?.phase === 'Completed' ? now : undefined;
    });
    expect(completed.run).toMatchObject({ attempt: 1, result: 'Completed' });
    const second = run();
    expect(second).not.toBe(first);
    world.spec('web.yaml', spec(['sh', '-c', 'exit 0'], { goal: 'Another one.' }));
    await until('it has run again', () => {
      const now = finishedAt(world, 'web');
      return now !== undefined && now !== completed.run?.finishedAt;
    });
    expect(world.status('web')?.status.phase).toBe('Completed');
    expect(run()).toBe(second);
  }));

test('[S115] the session of a project that has finished is ended, and what is kept of it removed, as its spec says', () =>
  withWorld(async (world) => {
    const agents = { dev: { command: ['true'], ...ONCE } };
    world.spec('ends.yaml', projectYaml('ends', agents, { sessionAfterFinished: 'End' }));
    world.spec('keeps.yaml', projectYaml('keeps', agents));
    world.spec('goes.yaml', projectYaml('goes', agents, { ttlAfterFinished: '3s' }));
    world.spec('stays.yaml', projectYaml('stays', { dev: SLEEP }, { ttlAfterFinished: '1s' }));
    await world.start();
    for (const name of ['ends', 'keeps', 'goes']) await stage(world, name, 'Finished');
    const folder = (name: string): string =>
      join(world.state, 'agents', agentUid(world.status(name)?.metadata.uid ?? '', 'dev'));
    await until('its session is ended', async () => !(await sessions(world)).includes('ends'));
    await until('what is kept is removed', () => runOf(world, 'goes')?.expiredAt !== undefined);
    expect(await sessions(world)).toEqual(['keeps', 'stays']);
    expect(existsSync(folder('goes'))).toBe(false);
    expect(existsSync(folder('keeps'))).toBe(true);
    await holds('the result stays', 1500, () =>
      ['ends', 'goes'].every((name) => world.status(name)?.status.phase === 'Completed'),
    );
    expect(existsSync(folder('goes'))).toBe(false);
    expect(await sessions(world)).toEqual(['keeps', 'stays']);
  }));

async function sessions(world: World): Promise<string[]> {
  const names = (await world.tmux('list-sessions', '-F', '#{session_name}')).split('\n');
  return names.filter((name) => ['ends', 'keeps', 'goes', 'stays'].includes(name)).sort();
}
