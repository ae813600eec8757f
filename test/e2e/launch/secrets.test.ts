import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { signalProcess } from '../../support/signal-process.ts';
import { projectYaml, until, type World, withWorld } from '../support/world.ts';
import { processesWith, script, textBelow } from './support.ts';

const secret = (): string => `s3cr3t-${randomBytes(8).toString('hex')} it's $HOME #{pane_id} "quoted"; \\n`;
/** The part that no quoting changes: what is looked for everywhere. */
const core = (value: string): string => value.split(' ')[0] ?? value;

/** Every place where a value must not turn up. */
async function places(world: World, log: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = { log, state: textBelow(world.state) };
  for (const verb of [
    ['get', 'projects,agents,events,problems', '-o', 'json'],
    ['get', 'all', '-o', 'yaml'],
    ['get', 'projects', '-o', 'wide'],
    ['describe', 'project', 'web'],
    ['describe', 'agent', 'web.dev'],
    ['events'],
    ['plan', '-o', 'json'],
    ['diff'],
    ['doctor'],
  ]) {
    const { stdout, stderr } = await world.muxlet(...verb);
    texts[verb.join(' ')] = stdout + stderr;
  }
  const sessions = (await world.tmux('list-sessions', '-F', '#{session_id}')).split('\n');
  for (const id of sessions) texts[`environment of ${id}`] = await world.tmux('show-environment', '-t', id);
  texts['global environment'] = await world.tmux('show-environment', '-g');
  texts['hidden environment'] = await world.tmux('show-environment', '-g', '-h');
  texts['messages'] = await world.tmux('show-messages').catch(() => '');
  texts['options'] = await world.tmux('show-options', '-A', '-t', '=web:');
  texts['start commands'] = await world.tmux('list-panes', '-a', '-F', '#{pane_start_command} #{@muxlet-pane}');
  texts['history of prompts'] = await world.tmux('show-prompt-history').catch(() => '');
  return texts;
}

test('a value from a file or a variable reaches the agent, and appears nowhere else', () =>
  withWorld(async (world) => {
    const [ofFile, ofVariable] = [secret(), secret()];
    writeFileSync(join(world.work, 'token'), `${ofFile}\n`, { mode: 0o600 });
    world.env['CONTROLLERS_OWN'] = ofVariable;
    const controller = await world.start();
    const env = [
      { name: 'OF_FILE', valueFrom: { file: join(world.work, 'token') } },
      { name: 'OF_VARIABLE', valueFrom: { env: 'CONTROLLERS_OWN' } },
    ];
    // One creates the session, the next a window; both are started again, in their panes and in a new session.
    const command = script('printf "%s" "$OF_FILE" > "$0.f"; printf "%s" "$OF_VARIABLE" > "$0.v"; exec sleep 100000');
    const agent = (name: string) => ({ command: [...command, join(world.work, name)], env });
    world.spec(
      'web.yaml',
      projectYaml('web', { dev: agent('dev'), test: agent('test'), bystander: ['sleep', '100000'] }),
    );
    await world.ready('web');
    for (const name of ['dev', 'test']) {
      await until(`${name} has its values`, () => readFileSync(join(world.work, `${name}.v`), 'utf8') === ofVariable);
      expect(readFileSync(join(world.work, `${name}.f`), 'utf8')).toBe(ofFile);
    }
    signalProcess(world.agent('web', 'dev')?.pid, 'SIGKILL');
    await until('dev is back', () => world.agent('web', 'dev')?.restarts === 1 && world.agent('web', 'dev')?.ready);
    await world.tmux('kill-session', '-t', '=web');
    await until('all are back', () =>
      (world.status('web')?.status.agents ?? []).every(({ restarts, ready }) => restarts > 0 && ready),
    );

    for (const value of [ofFile, ofVariable]) {
      for (const [place, text] of Object.entries(await places(world, controller.log()))) {
        expect(text.includes(core(value)), place).toBe(false);
      }
      expect(processesWith(core(value), 'cmdline')).toEqual([]);
    }
    const bystander = readFileSync(`/proc/${world.agent('web', 'bystander')?.pid}/environ`, 'utf8');
    expect(bystander).not.toContain(core(ofFile));
    expect(bystander).not.toContain('OF_VARIABLE');
  }));

test('a value that the agent prints before it crashes is taken out of what is told of its end', () =>
  withWorld(async (world) => {
    const value = secret();
    writeFileSync(join(world.work, 'token'), value);
    const controller = await world.start();
    const dev = {
      command: script(`printf '%0195d %s now\\n' 7 "authorising with $TOKEN"; printf '%s\\n' "$TOKEN" "$KEY"; exit 4`),
      env: [
        { name: 'TOKEN', valueFrom: { file: join(world.work, 'token') } },
        { name: 'KEY', valueFrom: { file: join(world.work, 'key') } },
      ],
    };
    // The one begins with the other, and has several lines.
    writeFileSync(join(world.work, 'key'), `${value}-and-more\nsecond-${core(value)}-line\n`);
    world.spec('web.yaml', projectYaml('web', { dev }));
    await until('it loops', () => world.agent('web', 'dev')?.state === 'CrashLoopBackOff');
    const { lastExit, message } = world.agent('web', 'dev') ?? {};
    expect(lastExit).toMatchObject({ exitCode: 4 });
    expect(lastExit?.output.join('\n')).toContain('authorising with [redacted]');
    expect(message).toContain('exited with 4');
    expect(JSON.stringify(lastExit)).not.toMatch(/and-more|second-/);
    for (const [place, text] of Object.entries(await places(world, controller.log()))) {
      expect(text.includes(core(value)), place).toBe(false);
    }

    // A controller that never started the agent knows the value all the same.
    await controller.end();
    const second = await world.start();
    await until('it crashed again', () => world.agent('web', 'dev')?.lastExit?.run !== lastExit?.run);
    for (const [place, text] of Object.entries(await places(world, second.log()))) {
      expect(text.includes(core(value)), place).toBe(false);
    }
  }));

test('a value that cannot be read keeps its agent from starting, by name and place, and no other', () =>
  withWorld(async (world) => {
    await world.start();
    const token = join(world.work, 'token');
    const dev = { command: script('exec sleep 100000'), env: [{ name: 'TOKEN', valueFrom: { file: token } }] };
    world.spec('web.yaml', projectYaml('web', { dev, test: ['sleep', '100000'] }));
    await until('dev waits', () => world.agent('web', 'dev')?.reason === 'EnvFileMissing');
    expect(world.agent('web', 'dev')?.message).toBe(`TOKEN: the file ${token} does not exist`);
    await until('test runs', () => world.agent('web', 'test')?.ready === true);
    writeFileSync(token, 'now it is there');
    await world.ready('web');
  }));
