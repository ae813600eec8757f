// `npm run check`: everything that `npm test` says without running a test.
import process from 'node:process';
import { bootstrap } from './bootstrap.mjs';
import { runChecks } from './run-checks.mjs';

await bootstrap();
const results = await runChecks();
if (results.some(({ passed }) => !passed)) process.exitCode = 1;
