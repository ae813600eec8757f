import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectYaml, until, withWorld } from '../support/world.ts';
import { notes, putClass, starts } from './support.ts';

test('[S15] [S16] what keeps one agent from its start is named, and keeps no other', () =>
  withWorld(async (world) => {
    const json = { mcpServers: { muxlet: { command: 'muxlet' } } };
    putClass(world, 'good');
    putClass(world, 'broken-file', { files: [{ path: '{{ workingDir }}/.mcp.json', json }] });
    putClass(world, 'misspelt', { start: { args: ['--in', '{{ wrokingDir }}'] } });
    putClass(world, 'missing', { command: ['no-such-agent', '--fast'] });
    writeFileSync(join(world.work, '.mcp.json'), '{ "mcpServers": oops');
    const agent = (name: string) => ({ class: name, workingDir: world.work });
    const agents = { a: agent('broken-file'), b: agent('misspelt'), c: agent('missing'), d: agent('good') };
    world.spec('web.yaml', projectYaml('web', agents));
    await world.start();
    await until('the good one is up', () => world.agent('web', 'd')?.state === 'Idle');
    expect(world.agent('web', 'a')).toMatchObject({ state: 'Pending', reason: 'FileUnmergeable', ready: false });
    expect(world.agent('web', 'a')?.message).toContain(join(world.work, '.mcp.json'));
    expect(world.agent('web', 'b')).toMatchObject({ state: 'Pending', reason: 'TemplateInvalid', ready: false });
    expect(world.agent('web', 'b')?.message).toContain(
      'AgentClass misspelt, spec.start.args[1]: undefined variable: wrokingDir',
    );
    expect(world.agent('web', 'c')).toMatchObject({ state: 'Pending', reason: 'ProgramMissing', ready: false });
    expect(world.agent('web', 'c')?.message).toContain('no-such-agent');
    expect(readFileSync(join(world.work, '.mcp.json'), 'utf8')).toBe('{ "mcpServers": oops');
    expect(starts(world, 'a')).toEqual([]);
    const { stdout } = await world.muxlet('get', 'project', 'web', '-o', 'json');
    expect(stdout).toContain('FileUnmergeable');
    // What a person puts right is taken up by itself.
    writeFileSync(join(world.work, '.mcp.json'), '{\n\t"mine": 1\n}\n');
    await until('it is up as well', () => world.agent('web', 'a')?.state === 'Idle');
    expect(JSON.parse(readFileSync(join(world.work, '.mcp.json'), 'utf8'))).toEqual({ mine: 1, ...json });
  }));

test('five agents answer first-run questions in one file of the user, and nothing in it is lost', () =>
  withWorld(async (world) => {
    const home = join(world.root, 'home');
    const real = join(home, 'dotfiles', 'agent.json');
    mkdirSync(join(home, 'dotfiles'));
    const mine = { theme: 'dark', projects: { '/mine': { trusted: true } }, list: ['mine'] };
    writeFileSync(real, JSON.stringify(mine, null, 4));
    chmodSync(real, 0o640);
    symlinkSync('dotfiles/agent.json', join(home, '.agent.json'));
    const json = { seen: true, list: ['ours'], projects: { '{{ workingDir }}': { trusted: true } } };
    putClass(world, 'asks', { files: [{ path: '{{ home }}/.agent.json', json }], reading: undefined });
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) {
      mkdirSync(join(world.work, name));
      // [S120] The program sees where it really is.
      symlinkSync(name, join(world.work, `link-${name}`));
    }
    const agents = names.map((name) => [name, { class: 'asks', workingDir: join(world.work, `link-${name}`) }]);
    world.spec('web.yaml', projectYaml('web', Object.fromEntries(agents)));
    await world.start();
    await until('all are up', () => names.every((name) => notes(world, name).length === 2));
    const trusted = names.map((name) => [starts(world, name)[0]?.cwd, { trusted: true }]);
    expect(JSON.parse(readFileSync(real, 'utf8'))).toEqual({
      theme: 'dark',
      seen: true,
      list: ['mine', 'ours'],
      projects: { '/mine': { trusted: true }, ...Object.fromEntries(trusted) },
    });
    expect(readFileSync(real, 'utf8')).toContain('\n    "theme"');
    expect(statSync(real).mode & 0o777).toBe(0o640);
  }));
