import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holds, projectYaml, until, withWorld } from '../support/world.ts';
import { delivered, events, message, object, send, sentFiles, talkers, textOf, waitsFor } from './support.ts';

test('[S38] who is not there gets nothing, and nobody else gets it', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = await talkers(world, ['dev']);
    for (const to of ['web/nobody', 'web/role:tester', 'nowhere/dev']) {
      const { code, stderr } = await world.muxlet('send', '--to', to, 'hello');
      expect(code).toBe(1);
      expect(stderr).toMatch(/there is no project nowhere|has no agent/);
    }
    world.spec('hello.yaml', object('Message', 'hello', { to: { project: 'web', role: 'tester' }, text: 'hello' }));
    await until('it is said', () => message(world, 'hello')?.phase === 'Failed');
    expect(message(world, 'hello')?.conditions[0]).toMatchObject({ status: 'False', reason: 'UnknownRole' });
    world.spec('hello.yaml', object('Message', 'hello', { to: { project: 'web', agent: 'dev' }, text: 'hello' }));
    await delivered(world, 'hello');
    expect(dev?.prompts().map(textOf)).toEqual(['hello']);
    const { stdout } = await world.muxlet('get', 'messages');
    expect(stdout).toMatch(/hello +web\/dev +Delivered/);
  }));

test('[S91] what fails is tried three times with growing pauses, and is then a dead letter that is seen', () =>
  withWorld(async (world) => {
    await world.start();
    const log = join(world.root, 'tried');
    const command = ['sh', '-c', 'date +%s%3N >> "$0"; echo no such helper >&2; exit 3', log];
    await talkers(world, ['dev'], { delivery: { method: 'Command', command } });
    const name = await send(world, 'web/dev', 'hello');
    await until('it is given up', () => message(world, name)?.phase === 'DeadLetter', 20_000);
    const [first = 0, second = 0, third = 0] = readFileSync(log, 'utf8').trim().split('\n').map(Number);
    expect(second - first).toBeGreaterThan(950);
    expect(third - second).toBeGreaterThan(4950);
    expect(message(world, name)?.targets[0]).toMatchObject({ state: 'DeadLetter', tries: 3, reason: 'CommandFailed' });
    expect((await events(world, 'DeadLetter'))[0]?.message).toContain('no such helper');
    expect((await world.muxlet('get', 'messages')).stdout).toMatch(/DeadLetter +CommandFailed/);
    await holds('it is left alone', 1500, () => readFileSync(log, 'utf8').trim().split('\n').length === 3);
  }));

test('[S90] [S92] at a limit it waits without a try, the higher priority goes first, and of one key only the last', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev] = await talkers(world, ['dev']);
    dev?.mode('limit');
    await until('it is at a limit', () => dev?.status()?.state === 'Limited');
    const first = await send(world, 'web/dev', 'first', '--dedupe', 'news');
    await waitsFor(world, first, 'UsageLimit');
    const second = await send(world, 'web/dev', 'second', '--dedupe', 'news');
    const urgent = await send(world, 'web/dev', 'urgent', '--priority', '5');
    await waitsFor(world, urgent, 'UsageLimit');
    expect(message(world, first)?.targets[0]?.state).toBe('Superseded');
    dev?.mode('');
    await delivered(world, second);
    expect(dev?.prompts().map(textOf)).toEqual(['urgent', 'second']);
    expect(message(world, second)?.targets[0]?.tries).toBe(0);
  }));

test('[S93] with an agent go its messages and its schedules', () =>
  withWorld(async (world) => {
    await world.start();
    const [dev, ops] = await talkers(world, ['dev', 'ops']);
    ops?.mode('limit');
    await until('it is at a limit', () => ops?.status()?.state === 'Limited');
    const later = await send(world, 'web/ops', 'later', '--in', '1h', '--every', '1h');
    const now = await send(world, 'web/ops', 'now');
    await waitsFor(world, now, 'UsageLimit');
    const uid = ops?.status()?.uid ?? '';
    const inbox = join(world.state, 'agents', uid, 'inbox', `${message(world, now)?.targets[0]?.id}.json`);
    expect(existsSync(inbox)).toBe(true);
    const spec = JSON.parse(readFileSync(join(world.specs, 'web.yaml'), 'utf8')) as {
      spec: { agents: { name: string }[] };
    };
    spec.spec.agents = spec.spec.agents.filter(({ name }) => name === 'dev');
    world.spec('web.yaml', JSON.stringify(spec));
    for (const name of [later, now]) {
      await until('it is over', () => message(world, name)?.finishedAt !== undefined);
      expect(message(world, name)).toMatchObject({ phase: 'Failed' });
      expect(message(world, name)?.nextAt).toBeUndefined();
    }
    await until('nothing is left of it', () => !existsSync(inbox));
    expect(dev?.prompts()).toEqual([]);
  }));

test('[S94] [S95] check-ins come to every agent, the hub as well, and what was missed is made up for once', () =>
  withWorld(async (world) => {
    world.spec('lead.yaml', object('AgentRole', 'lead', { hub: true, briefing: 'Lead.' }));
    const checkIns = [{ every: '30m', text: 'how is it?' }];
    const running = await world.start();
    const [hub] = await talkers(world, ['hub'], { agents: { hub: { role: 'lead', checkIns } } });
    const name = 'web.hub.check-in-1';
    await until('it is known when it is asked', () => message(world, name)?.nextAt !== undefined);
    expect((await world.muxlet('get', 'messages')).stdout).toMatch(/web\.hub\.check-in-1 +web\/hub/);
    expect(hub?.prompts()).toEqual([]);
    await running.end();
    // As if the controller had been down since, for more than five hours.
    const file = join(world.state, 'status', 'message', `${name}.json`);
    const stored = JSON.parse(readFileSync(file, 'utf8')) as { metadata: { creationTimestamp: string } };
    const begun = Date.parse(stored.metadata.creationTimestamp) - 5 * 3_600_000;
    stored.metadata.creationTimestamp = new Date(begun).toISOString();
    writeFileSync(file, JSON.stringify(stored));
    await world.start();
    await until('it is asked', () => hub?.prompts().length === 1);
    expect(hub?.prompts().map(textOf)).toEqual(['how is it?']);
    expect(message(world, name)).toMatchObject({ occurrence: 10 });
    await holds('once only', 1500, () => hub?.prompts().length === 1);
  }));

test(
  '[S89] an agent reaches itself on purpose only, and answers to answers end',
  () =>
    withWorld(async (world) => {
      await world.start();
      const [dev] = await talkers(world, ['dev', 'ops']);
      const uid = world.status('web')?.metadata.uid ?? '';
      const as = (agent: string) => ({ MUXLET_PROJECT: 'web', MUXLET_AGENT: agent, MUXLET_UID: uid });
      const sendAs = async (agent: string, ...args: string[]) => {
        Object.assign(world.env, as(agent));
        const finished = await world.muxlet('send', ...args);
        for (const name of Object.keys(as(agent))) delete world.env[name];
        return finished;
      };
      expect(await sendAs('dev', '--to', 'web/dev', 'me')).toMatchObject({ code: 2 });
      const own = await sendAs('dev', '--to', 'self', 'remember');
      await delivered(world, own.stdout.trim());
      expect(dev?.prompts().map(textOf)).toEqual(['remember']);
      let last = '';
      for (let round = 0; round < 5; round += 1) {
        const [from, to] = round % 2 === 0 ? ['dev', 'ops'] : ['ops', 'dev'];
        last = (await sendAs(from ?? '', '--to', `web/${to}`, `round ${round}`)).stdout.trim();
        if (round < 4) await delivered(world, last);
      }
      await until('the loop is cut', () => message(world, last)?.conditions[0]?.reason === 'LoopCut');
    }),
  60_000,
);

test('a message waits for a controller, and can be taken back; --wait tells of its end', () =>
  withWorld(async (world) => {
    const running = await world.start();
    const [dev] = await talkers(world, ['dev']);
    await running.end();
    const kept = await send(world, 'web/dev', 'kept');
    const back = await send(world, 'web/dev', 'taken back', '--in', '1h');
    expect((await world.muxlet('delete', 'message', back, '--wait=false')).code).toBe(0);
    expect(sentFiles(world)).toEqual([`${kept}.json`]);
    await world.start();
    await delivered(world, kept);
    expect((await world.muxlet('send', '--to', 'web/dev', '--wait', 'and this')).code).toBe(0);
    expect(dev?.prompts().map(textOf)).toEqual(['kept', 'and this']);
  }));

test(
  '[S99] whenever the controller is killed, each message arrives once and whole',
  () =>
    withWorld(async (world) => {
      let running = await world.start();
      const [dev] = await talkers(world, ['dev']);
      const names: string[] = [];
      for (let round = 0; round < 6; round += 1) {
        const name = await send(world, 'web/dev', `round ${round}`);
        names.push(name);
        // In turn: at the record of the intent, while it is typed, before Enter, after it.
        if (round % 2 === 0)
          await until('it is begun', () => ['Delivering', 'Delivered'].includes(message(world, name)?.phase ?? ''));
        else await until('it was typed', () => dev?.bytes().includes(`round ${round}`));
        await running.end('SIGKILL');
        running = await world.start();
      }
      for (const name of names) await delivered(world, name, 30_000);
      expect(dev?.prompts().map(textOf)).toEqual(names.map((_, round) => `round ${round}`));
    }),
  90_000,
);

test('what is in the mailbox and was proved to be typed is not typed again, though all else was forgotten', () =>
  withWorld(async (world) => {
    const running = await world.start();
    const [dev] = await talkers(world, ['dev']);
    world.spec('hello.yaml', object('Message', 'hello', { to: { project: 'web' }, text: 'hello' }));
    await delivered(world, 'hello');
    const id = message(world, 'hello')?.targets[0]?.id;
    await running.end();
    const box = join(world.state, 'agents', dev?.status()?.uid ?? '', 'inbox', `${id}.json`);
    const mail = JSON.parse(readFileSync(box, 'utf8'));
    writeFileSync(box, JSON.stringify({ ...mail, state: 'Queued', endedAt: undefined, typedAt: undefined }));
    await world.start();
    await until('it is proved', () => JSON.parse(readFileSync(box, 'utf8')).state === 'Confirmed');
    expect(dev?.prompts()).toHaveLength(1);
    expect(projectYaml('x', {})).toContain('x');
  }));
