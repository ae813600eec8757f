import { test } from 'vitest';
import { checkSchedules } from '../sim/check-schedules.ts';

test('the core comes to rest as declared after whatever happens, and touches nothing of a person', async () => {
  await checkSchedules({ runs: 100, atLeast: 100, maxLength: 10, seed: 20 });
}, 60_000);
