import { test } from 'vitest';
import { checkSchedules } from './check-schedules.ts';

test('whatever happens, nothing of a person is touched, and once nothing happens any more all is as declared', async () => {
  const said = await checkSchedules({ runs: 2000, atLeast: 1000, maxLength: 14 });
  process.stdout.write(`${said}\n`);
}, 120_000);

test('in a queue no more run than may, nobody is passed for too long, and each runs, ends or says what it waits for', async () => {
  const said = await checkSchedules({ runs: 1200, atLeast: 500, maxLength: 14, withQueue: true });
  process.stdout.write(`${said}\n`);
}, 120_000);
