import { test } from 'vitest';
import { checkSchedules } from './check-schedules.ts';

test('whatever happens, nothing of a person is touched, and once nothing happens any more all is as declared', async () => {
  const said = await checkSchedules({ runs: 2000, atLeast: 1000, maxLength: 14 });
  process.stdout.write(`${said}\n`);
}, 120_000);
