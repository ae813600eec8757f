import { systemClock } from '../exec/clock.ts';
import { type NotifySettings, notify } from '../exec/notify.ts';
import { LEAST_WATCHDOG_MS, tellServiceManager } from '../runtime/service-manager.ts';
import type { Log } from './log.ts';
import { type Standing, statusLine } from './summary.ts';

/** Tells the service manager how it stands until the signal; does nothing where there is none. Never rejects. */
export async function keepTold(
  settings: NotifySettings | undefined,
  { standing, path, log }: { readonly standing: Standing; readonly path: string | undefined; readonly log: Log },
  signal: AbortSignal,
): Promise<void> {
  if (settings === undefined) return;
  const { watchdogMs = Number.POSITIVE_INFINITY } = settings;
  if (watchdogMs < LEAST_WATCHDOG_MS) {
    const [given, least] = [watchdogMs, LEAST_WATCHDOG_MS].map((ms) => `${ms / 1000}s`);
    log.warn('WatchdogSec is too short: the controller may be ended while it is well', { given, least });
  }
  let complained = false;
  await tellServiceManager(
    {
      after: systemClock.after,
      watchdogMs: settings.watchdogMs,
      lastTurn: standing.controller.lastTriedAt,
      isSynced: standing.controller.isSynced,
      status: () => statusLine(standing),
      async tell(assignments) {
        const problem = await notify(settings, assignments, path);
        if (problem === undefined || complained) return;
        complained = true;
        log.warn('the service manager could not be told', { problem });
      },
    },
    signal,
  );
}
