import { expect, test } from 'vitest';
import { keepTold } from '../../controller/wiring/service-manager.ts';
import type { Standing } from '../../controller/wiring/summary.ts';

const standing = { controller: { lastTriedAt: () => 0, isSynced: () => false } } as unknown as Standing;

test.each([
  [5000, [{ given: '5s', least: '20s' }]],
  [19_999, [{ given: '19.999s', least: '20s' }]],
  [20_000, []],
  [undefined, []],
])('a watchdog of %s ms is told at the start if it would end a controller that is well', async (watchdogMs, wanted) => {
  const warnings: unknown[] = [];
  const warn = (text: string, fields: unknown) => void (text.startsWith('WatchdogSec') && warnings.push(fields));
  const log = { info: () => undefined, warn, error: () => undefined };
  const ended = AbortSignal.abort();
  await keepTold({ socket: '/nowhere', watchdogMs }, { standing, path: '/nowhere', log }, ended);
  expect(warnings).toEqual(wanted);
});
