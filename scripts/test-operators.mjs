// `npm run test:operators`: a real Prometheus and a real Alertmanager at work on a real controller: every query of every
// dashboard, and alerts that go out. Ends with `N passed, N failed, N skipped`.
import process from 'node:process';
import { bootstrap } from './bootstrap.mjs';
import { fetchOperatorPrograms } from './operator-programs.mjs';
import { runTests } from './run-tests.mjs';

await bootstrap();
const complaint = fetchOperatorPrograms();
if (complaint !== undefined) {
  process.stderr.write(`muxlet: ${complaint}\n`);
  process.exit(1);
}
const { passed, failed, skipped } = runTests(['operators']);
for (const name of skipped) process.stdout.write(`skipped (counts as failure): ${name}\n`);
process.exitCode = failed > 0 || skipped.length > 0 ? 1 : 0;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
