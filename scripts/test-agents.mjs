// `npm run test:agents -- [CLASS...] [--transitions N | --messages N] [-- VITEST_ARGUMENT...]`: walks the real coding
// agents, all of them or those named, against a model API of our own, in a box without network. Installs what is missing
// first. With `--transitions` the quick steps are walked again and again until so many changes of state were seen of
// each; with `--messages` so many are sent to each, with the controller killed at random in between, by a schedule that
// MUXLET_WALK_SEED names. Ends with a line a class and `N passed, N failed, N skipped`; a class that cannot be installed is one that failed.
import process from 'node:process';
import { CLASSES } from '../test/agents/programs.mjs';
import { bootstrap } from './bootstrap.mjs';
import { runAgentTests } from './run-agent-tests.mjs';

const args = process.argv.slice(2);
const end = args.includes('--') ? args.indexOf('--') : args.length;
const named = args.slice(0, end);
const again = /** @type {const} */ (['transitions', 'messages']).flatMap((what) => {
  const option = named.indexOf(`--${what}`);
  if (option < 0) return [];
  const count = Number(named.splice(option, 2)[1]);
  if (Number.isInteger(count) && count > 0) return [{ what, count }];
  process.stderr.write(`muxlet: --${what} takes a whole number\n`);
  process.exit(2);
});
if (again.length > 1) {
  process.stderr.write('muxlet: either --transitions or --messages\n');
  process.exit(2);
}
const classes = CLASSES.filter((name) => named.length === 0 || named.includes(name));
const unknown = named.filter((name) => !CLASSES.some((known) => known === name));
if (unknown.length > 0) {
  process.stderr.write(`muxlet: no such agent class: ${unknown.join(', ')}; there are ${CLASSES.join(', ')}\n`);
  process.exit(2);
}

await bootstrap();
const options = { vitestArguments: args.slice(end + 1), again: again[0] };
const { passed, failed, skipped } = await runAgentTests(classes, options);
for (const name of skipped) process.stdout.write(`skipped (counts as failure): ${name}\n`);
process.exitCode = failed > 0 || skipped.length > 0 ? 1 : 0;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
