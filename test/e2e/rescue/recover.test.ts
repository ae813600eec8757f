import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { agentProcesses } from '../support/agents.ts';
import { metric } from '../support/scrape.ts';
import { isAlive, startTeam, teamOf } from '../support/team.ts';
import { holds, projectYaml, SLEEP, until, type World, withWorld } from '../support/world.ts';

interface Finding {
  readonly object: string;
  readonly state: string;
  readonly cause: string;
  readonly next: string;
}

async function findings(world: World): Promise<readonly Finding[]> {
  return JSON.parse((await world.muxlet('recover', 'list', '-o', 'json')).stdout).items;
}

interface Mismatch {
  readonly kind: string;
  readonly object: string;
}

async function mismatches(world: World): Promise<readonly string[]> {
  const { stdout } = await world.muxlet('audit', '-o', 'json');
  return (JSON.parse(stdout).items as Mismatch[]).map(({ kind, object }) => `${kind} ${object}`);
}

/** Agents that live on without their session, and nobody who would see to it. */
async function zombies(world: World): Promise<readonly number[]> {
  const controller = await world.start();
  const command = ['sh', '-c', 'trap "" HUP TERM; sleep 100000 & while :; do sleep 0.2; done'];
  world.spec('web.yaml', projectYaml('web', { dev: { command } }));
  world.spec('api.yaml', projectYaml('api', { dev: SLEEP }));
  await world.ready('web');
  await world.ready('api');
  await controller.end('SIGKILL');
  const uid = world.status('web')?.metadata.uid;
  await world.tmux('kill-session', '-t', '=web');
  return agentProcesses(world).flatMap((one) => (one.uid === uid ? [one.pid] : []));
}

/** Every file of the state directory and of the specs, with its content. */
function everyFile(world: World): string {
  return [world.specs, world.state]
    .flatMap((root) => readdirSync(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `${path} ${statSync(path).mtimeMs} ${readFileSync(path, 'base64')}`)
    .join('\n');
}

test('where all agree, audit says so, exits 0 and changes nothing', () =>
  withWorld(async (world) => {
    const controller = await startTeam(world);
    const { code, stdout } = await world.muxlet('audit');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(await metric(controller, 'muxlet_audit_mismatches{kind="Zombie"}')).toBe(0);
    await controller.end();
    const before = everyFile(world);
    expect((await world.muxlet('audit')).code).toBe(0);
    expect(await findings(world)).toEqual([]);
    expect(everyFile(world)).toBe(before);
  }));

test(
  '[S39] audit names each kind of disagreement and exits 1',
  () =>
    withWorld(async (world) => {
      const controller = await startTeam(world);
      world.spec('api.yaml', projectYaml('api', { dev: SLEEP }));
      await world.ready('api');
      await controller.end('SIGKILL');
      // A spec that nobody has taken up, one that is gone with all that ran of it, a session that is gone, a pid.
      world.spec('docs.yaml', projectYaml('docs', { dev: SLEEP }));
      const file = join(world.state, 'status', 'project', 'web.json');
      const object = JSON.parse(readFileSync(file, 'utf8'));
      object.status.agents[1].pid = 1;
      writeFileSync(file, JSON.stringify(object));
      rmSync(join(world.specs, 'api.yaml'));
      await world.tmux('kill-session', '-t', '=api');
      await until('api is gone', () => agentProcesses(world).length === 3);
      signalProcess(teamOf(world)['dev']?.pid, 'SIGKILL');
      const found = await until('it is seen', async () => {
        const now = await mismatches(world);
        return now.includes('MissingPane agent/web.dev') && now;
      });
      expect(found).toEqual([
        'MissingPane agent/api.dev',
        'MissingPane agent/web.dev',
        'WrongProcess agent/web.ops',
        'Phantom project/api',
        'Unapplied project/docs',
      ]);
      expect((await world.muxlet('audit')).code).toBe(1);
      await world.start();
      await until('the controller puts all right', async () => (await mismatches(world)).length === 0, 30_000);
    }),
  60_000,
);

test(
  '[S49] recover kill-zombie ends processes without a session, deaf to TERM as they are, and nothing else',
  () =>
    withWorld(async (world) => {
      const pids = await zombies(world);
      // The zombie goes on having children: it is told by its project, not by who was seen a moment ago.
      const web = world.status('web')?.metadata.uid;
      const others = agentProcesses(world).filter(({ uid }) => uid !== web);
      expect(pids.length).toBeGreaterThan(1);
      const listed = await findings(world);
      expect(listed).toMatchObject([
        { object: 'project/web', state: 'Zombie', next: 'muxlet recover kill-zombie web' },
      ]);
      expect(await mismatches(world)).toContain('Zombie project/web');
      expect((await world.muxlet('recover', 'kill-zombie', 'api')).code).toBe(1);
      const { code, stdout } = await world.muxlet('recover', 'kill-zombie', 'web');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^project\/web: \d+ processes ended\n$/);
      expect(pids.some(isAlive)).toBe(false);
      expect(agentProcesses(world)).toEqual(others);
      expect(await findings(world)).toEqual([]);
      expect(await world.muxlet('recover', 'kill-zombie', '--all')).toMatchObject({ code: 0, stdout: '' });
    }),
  60_000,
);

test(
  '[S62] recover kill-zombie ends an orphan of ours at once, with its session',
  () =>
    withWorld(async (world) => {
      const controller = await startTeam(world);
      const before = teamOf(world);
      await controller.end('SIGKILL');
      rmSync(world.state, { recursive: true });
      rmSync(join(world.specs, 'web.yaml'));
      expect(await findings(world)).toMatchObject([{ object: 'project/web', state: 'Orphan' }]);
      const { code, stdout } = await world.muxlet('recover', 'kill-zombie', '--all');
      expect(code).toBe(0);
      expect(stdout).toContain('project/web: 3 processes ended');
      expect(Object.values(before).some(({ pid }) => isAlive(pid))).toBe(false);
      expect(await findings(world)).toEqual([]);
    }),
  60_000,
);

test(
  'recover list names what is stuck, why, and a next step that works',
  () =>
    withWorld(async (world) => {
      await world.start();
      world.spec('web.yaml', projectYaml('web', { dev: ['sh', '-c', 'echo boom; exit 3'] }));
      world.spec('gone.yaml', projectYaml('gone', { dev: { command: SLEEP, workingDir: '/nowhere' } }));
      world.spec('over.yaml', projectYaml('over', { dev: { command: ['false'], restartPolicy: 'Never' } }));
      world.spec('good.yaml', projectYaml('good', { dev: SLEEP }));
      world.spec('bad.yaml', 'kind: [');
      const found = await until('all are there', async () => {
        const now = await findings(world);
        return now.length === 4 && now;
      });
      expect(found).toMatchObject([
        { object: 'specs/bad.yaml', state: 'Broken', next: 'muxlet get problems -o wide' },
        { object: 'project/gone', state: 'Stalled', next: 'muxlet edit project gone' },
        { object: 'project/over', state: 'Failed', next: 'muxlet reset project over' },
        { object: 'agent/web.dev', state: 'CrashLoopBackOff', next: 'muxlet logs web -a dev --previous' },
      ]);
      for (const { next } of found.filter(({ next: command }) => !command.includes('edit'))) {
        const [, ...words] = next.split(' ');
        expect([next, (await world.muxlet(...words)).code]).toEqual([next, 0]);
      }
      const { stdout } = await world.muxlet('recover', 'list');
      expect(stdout).toMatch(/^OBJECT +STATE +AGE +CAUSE +NEXT\n/);
      expect(stdout).toContain('/nowhere');
    }),
  60_000,
);

test('recover diagnostics is one file that says how things stand, and no secret', () =>
  withWorld(async (world) => {
    const secrets = { inline: 'inline-s3cret "quoted"', env: 'from-env-s3cret', file: 'from-file-s3cret' };
    world.env['PLANTED'] = secrets.env;
    writeFileSync(join(world.specs, 'token'), `${secrets.file}\n`, { mode: 0o600 });
    await world.start();
    const command = ['sh', '-c', 'echo "I say $A and $B and $C"; echo "$A" >&2; sleep 1; exit 7'];
    const env = [
      { name: 'A', value: secrets.inline },
      { name: 'B', valueFrom: { env: 'PLANTED' } },
      { name: 'C', valueFrom: { file: 'token' } },
    ];
    world.spec('web.yaml', projectYaml('web', { dev: { command, env } }));
    await until('it has spoken and ended', () => world.agent('web', 'dev')?.lastExit !== undefined);
    const file = join(world.root, 'report.tar.gz');
    const { code, stdout } = await world.muxlet('recover', 'diagnostics', '-o', file);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'report.tar.gz\n' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = gunzipSync(readFileSync(file)).toString('utf8');
    for (const secret of Object.values(secrets)) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
    expect(text).toContain('I say [re');
    const names = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).split('\n');
    const parts = names.map((name) => name.slice(name.indexOf('/') + 1)).filter((name) => name !== '');
    expect(parts).toEqual([
      'versions.json',
      'places.json',
      'doctor.json',
      'specs.json',
      'problems.json',
      'status.json',
      'overlays.json',
      'inventory.json',
      'events.json',
      'journal.json',
      'world.json',
      'metrics.txt',
      'logs/web/dev.txt',
    ]);
    execFileSync('tar', ['-xzf', file, '-C', world.root]);
    const folder = join(world.root, names[0]?.split('/')[0] ?? '');
    expect(JSON.parse(readFileSync(join(folder, 'status.json'), 'utf8'))).not.toEqual([]);
    expect(readFileSync(join(folder, 'metrics.txt'), 'utf8')).toContain('muxlet_build_info');
    expect(existsSync(join(folder, 'world.json'))).toBe(true);
  }));

test('[S23] times of every writer are of one type: the last day counts them all', () =>
  withWorld(async (world) => {
    await startTeam(world);
    await world.muxlet('suspend', 'project', 'web', '--keep-session');
    await world.muxlet('resume', 'project', 'web');
    await world.muxlet('restart', 'project', 'web', '-a', 'dev');
    await until('dev runs again', () => teamOf(world)['dev']?.restarts === 1 && teamOf(world)['dev']?.ready);
    const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
    const day = Date.now() - 86_400_000;
    const wrong: string[] = [];
    let times = 0;
    const walk = (value: unknown, path: string): void => {
      if (Array.isArray(value)) return value.forEach((part, index) => walk(part, `${path}[${index}]`));
      if (typeof value === 'object' && value !== null) {
        return Object.entries(value).forEach(([name, part]) => walk(part, `${path}.${name}`));
      }
      if (!/(At|time|Time|Timestamp|[sS]ince|until|Until)$/.test(path)) return;
      times += 1;
      if (typeof value !== 'string' || !ISO.test(value) || Date.parse(value) < day)
        wrong.push(`${path}: ${String(value)}`);
    };
    for (const folder of ['status', 'events.ndjson', 'journal.ndjson', 'problems.json', 'inventory.json', 'overlays']) {
      const path = join(world.state, folder);
      const files = statSync(path).isDirectory()
        ? readdirSync(path, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
            .map((entry) => join(entry.parentPath, entry.name))
        : [path];
      for (const file of files) {
        const text = readFileSync(file, 'utf8');
        if (file.endsWith('.ndjson')) for (const line of text.trim().split('\n')) walk(JSON.parse(line), file);
        else walk(JSON.parse(text), file);
      }
    }
    expect(wrong).toEqual([]);
    expect(times).toBeGreaterThan(20);
    await holds('all runs', 100, () => Object.values(teamOf(world)).every(({ pid }) => isAlive(pid)));
  }));
