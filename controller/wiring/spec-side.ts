import { homedir } from 'node:os';
import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createSpecSource, type SpecSource } from '../store/specs/spec-source.ts';
import type { Log } from './log.ts';
import type { RunSettings } from './settings.ts';
import { createProblemTeller } from './tell.ts';

export interface SpecSideOptions {
  readonly settings: RunSettings;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'configHooks'>;
  readonly mayAct: () => Promise<boolean>;
  /** Told after each load. */
  readonly onLoaded: () => void;
}

/** The specs, and who is told how their loads went. */
export function createSpecSide({ settings, log, metrics, mayAct, onLoaded }: SpecSideOptions): SpecSource {
  const tellProblems = createProblemTeller(log);
  return createSpecSource({
    directory: settings.specs,
    presets: settings.presets,
    state: settings.state,
    clock: systemClock,
    home: homedir(),
    allowInsecure: settings.allowInsecure,
    mayAct,
    listener: {
      loaded: ({ duration, problems }) => {
        const bad = problems.some(({ severity }) => severity === 'Error');
        metrics.configHooks.onReload(bad ? 'error' : 'success', duration, systemClock.now());
        tellProblems(problems);
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
}
