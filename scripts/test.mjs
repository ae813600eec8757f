// `npm test`: brings the checkout into order, checks the sources, runs the tests. Everything runs even if something fails.
// The last line alone is `N passed, N failed, N skipped`; each check counts as one. A skipped test fails the run, because
// nobody looks at it otherwise; MUXLET_ALLOW_SKIPS=1 allows them where the system cannot run them.
// MUXLET_TEST_AGENTS='claude codex' walks these real coding agents as well, as `npm run test:agents` does, but for the
// steps that wait for minutes.
import process from 'node:process';
import { CLASSES } from '../test/agents/programs.mjs';
import { bootstrap } from './bootstrap.mjs';
import { fetchOperatorPrograms } from './operator-programs.mjs';
import { runAgentTests } from './run-agent-tests.mjs';
import { runChecks } from './run-checks.mjs';
import { runTests } from './run-tests.mjs';

await bootstrap();
// What cannot be tried for want of them is skipped, and counts as such.
const complaint = fetchOperatorPrograms();
if (complaint !== undefined) process.stderr.write(`muxlet: ${complaint}\n`);
const checks = await runChecks();
const suites = [runTests(['unit', 'contract', 'e2e'])];
const named = process.env['MUXLET_TEST_AGENTS']?.split(/\s+/) ?? [];
const classes = CLASSES.filter((name) => named.includes(name));
if (classes.length > 0) suites.push(await runAgentTests(classes, { isShort: true }));

const failedChecks = checks.filter(({ passed }) => !passed);
const passed = checks.length - failedChecks.length + sum(suites.map((suite) => suite.passed));
const failed = failedChecks.length + sum(suites.map((suite) => suite.failed));
const skipped = suites.flatMap((suite) => suite.skipped);
const skipsAllowed = process.env['MUXLET_ALLOW_SKIPS'] === '1';

for (const { name } of failedChecks) process.stdout.write(`failed: ${name}\n`);
for (const line of suites.flatMap(({ failures }) => failures)) process.stdout.write(`failed: ${line}\n`);
for (const name of skipped) process.stdout.write(`skipped${skipsAllowed ? '' : ' (counts as failure)'}: ${name}\n`);
process.exitCode = failed > 0 || (skipped.length > 0 && !skipsAllowed) ? 1 : 0;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);

/** @param {number[]} counts */
function sum(counts) {
  return counts.reduce((total, count) => total + count, 0);
}
