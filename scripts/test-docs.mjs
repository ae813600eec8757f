// `npm run test:docs`: every page of the documentation is followed as a reader would; `npm test` follows the first ones. Ends
// with `N passed, N failed, N skipped`.
import process from 'node:process';
import { bootstrap } from './bootstrap.mjs';
import { runTests } from './run-tests.mjs';

await bootstrap();
const { passed, failed, skipped } = runTests(['pages']);
for (const name of skipped) process.stdout.write(`skipped (counts as failure): ${name}\n`);
process.exitCode = failed > 0 || skipped.length > 0 ? 1 : 0;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
