import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Desired } from '../api/desired.ts';
import type { Key } from '../api/key.ts';
import { createLockPort } from '../cli/lock-port.ts';
import { systemClock } from '../exec/clock.ts';
import { tryLock } from '../exec/flock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { forgetOverlay, overlayPath } from '../store/overlays/overlay-file.ts';
import { createOverlays, type Overlays } from '../store/overlays/overlays.ts';
import type { RevisionReader } from '../store/sources/revision-reader.ts';
import type { Followed } from '../store/sources/vanished.ts';
import { createSpecSource, type SpecSource } from '../store/specs/spec-source.ts';
import type { Scribe } from '../store/state/scribe.ts';
import type { Log } from './log.ts';
import type { RunSettings } from './settings.ts';
import { createProblemTeller } from './tell.ts';

export interface SpecSideOptions {
  readonly settings: RunSettings;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'configHooks'>;
  readonly mayAct: () => Promise<boolean>;
  readonly scribe: Scribe;
  readonly revisions: RevisionReader;
  readonly followed: Followed;
  /** Who is told while files change, and of what will be wanted in a moment. */
  readonly ahead: () => { changing(): void; expected(desired: Desired): void };
  /** Told after each load. */
  readonly onLoaded: () => void;
}

export interface SpecSide extends SpecSource {
  readonly overlay: Overlays['of'];
  /** The object is gone for good, and what was asked of it with it. */
  readonly forgotten: (key: Key, uid: string) => void;
}

/** A new session is begun by then, where nobody else waits for tmux; in milliseconds. */
const GIVE_WAY_MS = 20;
/** As long as a verb waits for it. */
const LOCK_TIMEOUT_MS = 30_000;

/** What people want, by their specs and by what tools ask beside them, and who is told how the loads went. */
export function createSpecSide({
  settings,
  log,
  metrics,
  mayAct,
  scribe,
  revisions,
  followed,
  ahead,
  onLoaded,
}: SpecSideOptions): SpecSide {
  const tellProblems = createProblemTeller(log);
  const watchFailed = (error: unknown): void => {
    log.warn('what tools ask is not watched; changes are found by the timer', { error: String(error) });
  };
  const locks = createLockPort(tryLock);
  const overlays = createOverlays({ state: settings.state, clock: systemClock, watchFailed });
  const specs = createSpecSource({
    directory: settings.specs,
    presets: settings.presets,
    state: settings.state,
    clock: systemClock,
    home: homedir(),
    allowInsecure: settings.allowInsecure,
    mayAct,
    scribe,
    revisions,
    followed,
    giveWay: () => setTimeout(GIVE_WAY_MS),
    listener: {
      changing: () => ahead().changing(),
      expected: (desired) => ahead().expected(desired),
      loaded: ({ duration, problems: found }) => {
        const bad = found.some(({ severity }) => severity === 'Error');
        metrics.configHooks.onReload(bad ? 'error' : 'success', duration, systemClock.now());
        tellProblems([...found, ...overlays.problems()]);
        onLoaded();
      },
      watchFailed: (error) => {
        log.warn('specs are not watched; changes are found by the timer', { error: String(error) });
      },
      recordFailed: (path, error) => {
        log.warn('a last good version could not be read or written', { path, error: String(error) });
      },
    },
  });
  const problems = () => [...specs.problems(), ...overlays.problems()];
  return {
    ...specs,
    problems,
    overlay: overlays.of,
    forgotten(key, uid) {
      if (!existsSync(overlayPath(settings.state, key))) return;
      locks
        .withLock(join(settings.state, 'locks', 'overlays.lock'), LOCK_TIMEOUT_MS, async () => {
          forgetOverlay(settings.state, key, uid);
        })
        .catch((error: unknown) => {
          log.warn('what was asked of an object that is gone could not be removed', { key, error: String(error) });
        });
    },
    async start(signal, changed) {
      const asked = (keys: readonly Key[]): void => {
        tellProblems(problems());
        changed(keys);
      };
      overlays.start(signal, asked);
      await specs.start(signal, changed);
    },
    async reload() {
      overlays.reload();
      await specs.reload();
    },
  };
}
