import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DesiredProject } from '../../../controller/api/desired.ts';
import type { SpecSource as RuntimePort } from '../../../controller/runtime/ports.ts';
import { byPlace } from '../../../controller/store/specs/problem-order.ts';
import type { SpecSource } from '../../../controller/store/specs/spec-source.ts';
import { agentClass, createWorld, project, role, type Started, start, type World, wanted } from './support.ts';

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

function agentsOf(source: SpecSource) {
  const desired = source.desiredProject('web');
  return desired.type === 'Present' ? desired.project.agents : [];
}

const briefings = (source: SpecSource) => agentsOf(source).map(({ briefing }) => briefing);
const hashes = (source: SpecSource) => agentsOf(source).map(({ launchHash }) => launchHash);

describe('what is wanted', () => {
  it('is what the runtime asks for', () => {
    const port: RuntimePort = world.source();
    expect(port.keys()).toEqual([]);
    expect(port.desiredProject('web')).toEqual({ type: 'Absent', confirmed: false });
  });

  it('fills in defaults, resolves classes and starts paths at the file', async () => {
    world.write('team/web.yaml', project('web').replace('name: dev', 'name: dev\n      workingDir: src'));
    const source = world.source();
    await source.reload();
    const desired = source.desiredProject('web') as { project: DesiredProject };
    expect(desired.project.agents[0]).toMatchObject({
      class: 'shell',
      workingDir: join(world.specs, 'team/src'),
      restartPolicy: 'Always',
    });
    expect(source.keys()).toEqual(['agentclass/shell', 'project/web']);
    expect(source.project('web')?.metadata.name).toBe('web');
    expect(source.agentClass('shell')?.spec.terminationGracePeriodSeconds).toBe(10);
    expect(source.desiredProject('web')).toBe(desired);
  });

  it('is worked out anew for what has changed alone', async () => {
    world.write('web.yaml', project('web'));
    world.write('api.yaml', project('api'));
    const source = world.source();
    await source.reload();
    const [web, api] = [source.desiredProject('web'), source.desiredProject('api')];
    world.write('web.yaml', project('web').replace('name: dev', 'name: other'));
    await source.reload();
    expect(source.desiredProject('api')).toBe(api);
    expect(source.desiredProject('web')).not.toEqual(web);
    world.write('class.yaml', agentClass('further', 'true'));
    await source.reload();
    // What tells of all classes does so of this one as well.
    expect(source.desiredProject('api')).not.toBe(api);
  });

  it('reads folders in folders and passes over hidden names and temporaries', async () => {
    for (const name of [
      'a.yml',
      'b/c/d.json',
      '.hidden.yaml',
      '.git/x.yaml',
      'x.yaml~',
      '.#y.yaml',
      '.z.yaml.swp',
      '4913',
      'note.txt',
    ]) {
      world.write(name, project(`p${Math.abs(hash(name))}`));
    }
    const source = world.source();
    await source.reload();
    expect(source.keys().filter((key) => key.startsWith('project/'))).toHaveLength(2);
    expect(source.problems()).toEqual([]);
  });

  it('lets a class in specs/ win over the preset, and tells the projects that use it', async () => {
    world.write('web.yaml', project('web').replace(/ {6}command: .*\n/, ''));
    const source = world.source();
    const running = await run(source);
    expect(running.told()).toEqual(['agentclass/shell', 'project/web']);
    await world.clock.pass(250);
    expect(wanted(source, 'web')).toBe('Rejected NoCommand');
    running.told();
    world.write('shell.yaml', agentClass('shell', 'mine'));
    await source.reload();
    expect(running.told()).toEqual(['agentclass/shell', 'project/web']);
    expect(wanted(source, 'web')).toBe('Present mine?');
    expect(source.problems()).toEqual([]);
    await world.clock.pass(250);
    expect(running.told()).toEqual(['agentclass/shell', 'project/web']);
    expect(wanted(source, 'web')).toBe('Present mine');
    rmSync(join(world.specs, 'shell.yaml'));
    await source.reload();
    expect(wanted(source, 'web')).toBe('Rejected NoCommand');
  });

  it('tells the projects that use a role, and what their agents are to be told', async () => {
    const agents = '[{name: lead, role: boss}, {name: dev, role: devs, briefing: own}, {name: log}]';
    const spec = `{repo: ../src, goalFile: goal.md, agents: ${agents}}`;
    world.write('web.yaml', `{apiVersion: muxlet.dev/v1alpha1, kind: Project, metadata: {name: web}, spec: ${spec}}`);
    world.write('shell.yaml', agentClass('shell', 'mine'));
    world.write('roles.yaml', `${role('boss', 'Lead.', true)}---\n${role('dev', 'Build.')}`);
    const source = world.source();
    const running = await run(source);
    running.told();
    const team = [
      { name: 'lead', role: 'boss', class: 'shell' },
      { name: 'dev', role: 'devs', class: 'shell' },
      { name: 'log', class: 'shell' },
    ];
    const shared = { team, hub: 'lead', repo: join(world.root, 'src'), goal: { file: join(world.specs, 'goal.md') } };
    const at = join(world.specs, 'roles.yaml');
    const unknown = { type: 'Unknown', name: 'devs', nearest: 'dev', known: ['boss', 'dev'] };
    expect(briefings(source)).toEqual([
      { ...shared, role: { type: 'Known', name: 'boss', source: at, first: 'Lead.' } },
      { ...shared, role: unknown, text: 'own' },
      undefined,
    ]);
    const before = hashes(source);
    world.write('roles.yaml', `${role('boss', 'Lead.', true)}---\n${role('devs', 'Build.')}`);
    await source.reload();
    expect(running.told()).toEqual(['agentrole/dev', 'agentrole/devs', 'project/web']);
    expect(briefings(source)[1]?.role).toEqual({ type: 'Known', name: 'devs', source: at, first: 'Build.' });
    world.write('roles.yaml', `${role('boss', 'Lead.')}---\n${role('devs', 'Build.')}`);
    await source.reload();
    expect(briefings(source)[1]?.hub).toBeUndefined();
    expect(hashes(source)).toEqual(before);
  });

  it('gives problems in a stable order', async () => {
    world.write('b.yaml', 'a: [');
    world.write('a.yaml', project('web').replace('name: dev', 'name: De v').replace('web', 'We b'));
    const source = world.source();
    await source.reload();
    const problems = source.problems();
    expect(problems.map(({ file }) => file.slice(-6))).toEqual(['a.yaml', 'a.yaml', 'b.yaml']);
    expect([...problems].reverse().sort(byPlace)).toEqual(problems);
  });
});

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) | 0, 7);
}
