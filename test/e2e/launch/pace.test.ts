import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holds, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';

test('[S1] [S48] a session that something takes away each time at once is not made over and over without a pause', () =>
  withWorld(async (world) => {
    await world.start();
    world.spec('first.yaml', projectYaml('first', { dev: SLEEP }));
    await world.ready('first');
    const killer = "if -F '#{==:#{hook_session_name},web}' 'kill-session -t =web'";
    await world.tmux('set-hook', '-g', 'session-created', killer);
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    const made = (): number =>
      readFileSync(join(world.state, 'journal.ndjson'), 'utf8').split('create session web').length - 1;
    await until('it was tried', () => made() >= 4);
    await holds('it is made seldom', 3000, () => made() < 40);
    await world.tmux('set-hook', '-gu', 'session-created');
    await world.ready('web');
    expect(world.status('first')?.status.phase).toBe('Running');
  }));
