import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../controller/exec/clock.ts';
import { createSecrets } from '../../../controller/observe/secrets.ts';
import type { WorkTreeKeeper } from '../../../controller/runtime/workspaces/keeper.ts';
import { createWorkspaces } from '../../../controller/wiring/workspaces.ts';
import { type Asking, asking } from '../../support/work-trees/asking.ts';
import { type GitPlace, makeGitPlace } from './git-place.ts';

/** A repository, and what makes and releases work trees in it as a controller would. */
export interface WorkspacesPlace extends GitPlace, Asking {
  readonly state: string;
}

/** @param name the repository's folder within the place, where it is another than its own */
export function makeWorkspacesPlace(name = 'repo'): WorkspacesPlace {
  const place = makeGitPlace();
  const state = join(place.root, 'state');
  const env = { PATH: process.env['PATH'], HOME: place.root };

  function controller(): WorkTreeKeeper {
    return createWorkspaces({
      state,
      env,
      secrets: createSecrets(env),
      clock: systemClock,
      mayAct: () => Promise.resolve(true),
      onChange: () => undefined,
      onError: (error) => {
        throw error;
      },
    });
  }

  const asked = asking(join(place.root, name), controller);
  return {
    ...place,
    ...asked,
    state,
    async close() {
      await asked.close();
      place.remove();
    },
  };
}

/** Changes what git's mark of a work tree says, as an end in the middle of something leaves it. */
export function remark(adminDir: string, change: Readonly<Record<string, unknown>>): void {
  const file = join(adminDir, 'muxlet.json');
  const mark = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...mark, ...change }));
}
