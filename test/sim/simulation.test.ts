import { test } from 'vitest';
import { checkSchedules } from './check-schedules.ts';

test('whatever happens, nothing of a person is touched, and once nothing happens any more all is as declared', async () => {
  await checkSchedules(2000, 14);
}, 600_000);
