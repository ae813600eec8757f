/** Who finishes work, and what it follows of the projects. */

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stackOf } from '../api/errors.ts';
import { type Key, keyOf, nameOf } from '../api/key.ts';
import { createFinisher, type Finisher } from '../runtime/finishing/finisher.ts';
import { runRound } from '../runtime/finishing/run-round.ts';
import { sweep } from '../runtime/finishing/sweep.ts';
import type { SeenProject } from '../runtime/project-worker.ts';
import { createCommandLogs } from '../store/command-logs/command-logs.ts';
import { createFinishingPorts, type PortsOptions } from './finishing-ports.ts';
import type { Log } from './log.ts';

export interface FinishingOptions extends Omit<PortsOptions, 'openLog'> {
  readonly hint: (key: Key) => void;
  readonly log: Log;
}

export interface Finishing extends Pick<Finisher, 'begin' | 'look' | 'close'> {
  /** Told of an object that begins: no earlier life of the controller can have left anything of it. */
  begun(uid: string): void;
  /** Told of what a worker saw of a project. */
  seen(project: Seen): void;
  /** The object is gone, and what is kept of its rounds goes with it. */
  forgotten(uid: string): void;
}

type Seen = Pick<SeenProject, 'key' | 'uid' | 'desired' | 'status' | 'places'>;

/** What an earlier life of the controller left is not so new, in milliseconds: one look does for all projects. */
const LEFT_MS = 5000;

export function createFinishing({ hint, log, ...options }: FinishingOptions): Finishing {
  const directory = join(options.settings.state, 'verifications');
  const openLog = createCommandLogs(directory, (path, code) => {
    log.warn('the log of a verification could not be written', { path, code });
  });
  const { portsOf, treesOf, processesOf } = createFinishingPorts({ ...options, openLog });
  const finisher = createFinisher({
    run: (request, round) => runRound(request, portsOf(request), round),
    onChange: (project) => {
      hint(keyOf('Project', project));
    },
    onError: (error) => {
      log.error('work could not be finished', { error: stackOf(error) });
    },
  });

  const beginners = new Set<string>();

  /** What was left of rounds that are not asked for again: the next one of the project clears up for itself. */
  async function clearUp({ key, uid, desired, places = [] }: Seen): Promise<void> {
    const { integration, verification } = desired.type === 'Present' ? desired.project : {};
    // Of a project that is to go nobody knows what it asked for.
    const mayHave = desired.type === 'Absent' || integration !== undefined || verification !== undefined;
    const there = mayHave ? places.filter(({ repository }) => existsSync(repository)) : [];
    if (there.length === 0 && beginners.has(uid)) return;
    const processes = processesOf(uid, LEFT_MS);
    const project = nameOf(key);
    for (const { repository, root } of there) await sweep(root, { trees: treesOf({ project, repository }), processes });
    if (there.length === 0) await sweep(undefined, { trees: treesOf({ project, repository: '' }), processes });
  }

  return {
    begun: (uid) => void beginners.add(uid),
    begin: finisher.begin,
    look: finisher.look,
    close: finisher.close,
    seen(project) {
      const { uid, desired, status } = project;
      finisher.meet(uid, () => clearUp(project));
      const isGone = desired.type === 'Absent' && desired.confirmed;
      if (isGone || status.run?.stage !== 'Verifying') finisher.giveUp(uid);
    },
    forgotten(uid) {
      beginners.delete(uid);
      finisher.forget(uid);
      rmSync(join(directory, uid), { recursive: true, force: true });
    },
  };
}
