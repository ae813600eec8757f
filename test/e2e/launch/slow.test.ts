import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holds, projectYaml, SLEEP, until, withWorld } from '../support/world.ts';

test('[S2] a session that takes its time to come up is said to be starting, neither running nor failed, and made once', () =>
  withWorld(async (world) => {
    const bin = join(world.root, 'bin');
    mkdirSync(bin);
    const path = world.env['PATH'] ?? '';
    // The real tmux, whose server needs two seconds to start.
    const slow = `#!/bin/sh\ncase " $* " in *" start-server "*) sleep 2;; esac\nPATH='${path}' exec tmux "$@"\n`;
    writeFileSync(join(bin, 'tmux'), slow);
    chmodSync(join(bin, 'tmux'), 0o755);
    world.env['PATH'] = `${bin}:${path}`;
    await world.start();
    world.spec('web.yaml', projectYaml('web', { dev: SLEEP }));
    await until('it is said', () => world.status('web')?.status.phase === 'Initializing');
    await holds('it is starting', 1200, () => {
      const { phase, agents } = world.status('web')?.status ?? {};
      return phase === 'Initializing' && agents?.every(({ state, ready }) => state === 'Starting' && !ready) === true;
    });
    await world.ready('web');
    expect(world.agent('web', 'dev')?.restarts).toBe(0);
    expect(await world.tmux('list-sessions', '-F', '#{session_name}')).toBe('_muxlet\nweb');
  }));
