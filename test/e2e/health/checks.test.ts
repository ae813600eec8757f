import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentNames } from '../support/agents.ts';
import { holds, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';
import { classReason, classStatus, classYaml, conditionOf, program } from './support.ts';

const WAITS = '#!/bin/sh\nexec sleep 100000\n';

describe('before anything of a class is started', () => {
  test('[S117] not logged in, and an untried version: said at once, nothing is started but who has a key of its own, another class goes on; then it starts by itself', () =>
    withWorld(async (world) => {
      const token = join(world.root, 'token');
      program(world, 'coder', WAITS);
      program(
        world,
        'coder-check',
        `#!/bin/sh\nread -r line && exit 0\n[ -e ${token} ] || { echo "no token"; exit 1; }\n`,
      );
      program(world, 'coder-version', '#!/bin/sh\necho "coder 3.4.5 (build 12)"\n');
      world.spec(
        'class.yaml',
        classYaml('coder', {
          command: ['coder'],
          version: { command: ['coder-version'], seen: '>=1.0.0 <3.0.0' },
          auth: { check: ['coder-check'], env: ['CODER_KEY'], login: 'run: coder login' },
        }),
      );
      world.spec('web.yaml', projectYaml('web', { dev: { class: 'coder' }, test: { class: 'coder' } }));
      const env = [{ name: 'CODER_KEY', value: 'k' }];
      world.spec('keyed.yaml', projectYaml('keyed', { dev: { class: 'coder', env } }));
      world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
      await world.start();
      await world.ready('other');
      await classReason(world, 'coder', 'Authenticated', 'NotLoggedIn');
      const status = classStatus(world, 'coder');
      expect(conditionOf(status, 'Authenticated')?.message).toContain('run: coder login');
      expect(conditionOf(status, 'VersionSeen')).toMatchObject({ status: 'False', reason: 'VersionNotSeen' });
      expect(status).toMatchObject({ version: '3.4.5', agents: 3 });
      await until('the project says it', () => world.agent('web', 'dev')?.reason === 'NotLoggedIn');
      expect(world.status('web')?.status.phase).toBe('Authenticating');
      await world.ready('keyed');
      expect(world.status('keyed')?.status.phase).toBe('Running');
      await holds('nothing else of the class runs', 500, () => agentNames(world).length === 2);
      const shown = await world.muxlet('get', 'agentclasses', 'coder');
      expect(shown.stdout).toMatch(/AUTH\s+LIMITS\s+VERSION/);
      expect(shown.stdout).toMatch(/NotLoggedIn\s+\S+\s+3\.4\.5/);
      expect((await world.muxlet('describe', 'agentclass', 'coder')).stdout).toContain('NotLoggedIn');
      writeFileSync(token, '');
      await world.ready('web');
      expect(conditionOf(classStatus(world, 'coder'), 'Authenticated')).toMatchObject({
        status: 'True',
        reason: 'LoggedIn',
      });
      rmSync(token);
      expect(existsSync(token)).toBe(false);
    }));

  test('[S117] what is missing of one class and of another is said at once, before there is any session, and each starts once it is there', () =>
    withWorld(async (world) => {
      const token = join(world.root, 'token');
      program(world, 'second', WAITS);
      world.spec('first.yaml', classYaml('first', { command: ['first'] }));
      world.spec('second.yaml', classYaml('second', { command: ['second'], auth: { check: ['test', '-e', token] } }));
      world.spec('web.yaml', projectYaml('web', { dev: { class: 'first' }, test: { class: 'second' } }));
      world.spec('other.yaml', projectYaml('other', { dev: SLEEP }));
      await world.start();
      await world.ready('other');
      const reasons = () => ['dev', 'test'].map((agent) => world.agent('web', agent)?.reason);
      await until('both are said', () => reasons().join() === 'ProgramMissing,NotLoggedIn');
      expect(world.agent('web', 'dev')?.message).toMatch(/first.*PATH/);
      expect((await world.tmux('list-sessions', '-F', '#{session_name}')).split('\n')).not.toContain('web');
      writeFileSync(token, '');
      await until('one starts without the other', () => world.agent('web', 'test')?.pid, 20_000);
      expect(reasons()[0]).toBe('ProgramMissing');
      program(world, 'first', WAITS);
      await until('the other starts as well', () => world.agent('web', 'dev')?.ready, 30_000);
      await world.ready('web');
    }));
});
