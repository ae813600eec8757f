import { test } from 'vitest';
import { checkSchedules } from './check-schedules.ts';

test('whatever happens, nothing of a person is touched, and once nothing happens any more all is as declared', async () => {
  console.info(await checkSchedules({ runs: 2000, atLeast: 1000, maxLength: 14 }));
}, 120_000);
