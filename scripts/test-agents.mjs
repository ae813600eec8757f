// `npm run test:agents -- [CLASS...] [--transitions N] [-- VITEST_ARGUMENT...]`: walks the real coding agents, all of them
// or those named, against a model API of our own, in a box without network. Installs what is missing first. With
// `--transitions` the quick steps are walked again and again until so many changes of state were seen of each. Ends with
// a line a class and `N passed, N failed, N skipped`; a class that cannot be installed is one that failed.
import process from 'node:process';
import { CLASSES } from '../test/agents/programs.mjs';
import { bootstrap } from './bootstrap.mjs';
import { runAgentTests } from './run-agent-tests.mjs';

const args = process.argv.slice(2);
const end = args.includes('--') ? args.indexOf('--') : args.length;
const named = args.slice(0, end);
const option = named.indexOf('--transitions');
const [, count] = option < 0 ? [] : named.splice(option, 2);
const transitions = option < 0 ? undefined : Number(count);
if (transitions !== undefined && !(Number.isInteger(transitions) && transitions > 0)) {
  process.stderr.write('muxlet: --transitions takes a whole number\n');
  process.exit(2);
}
const classes = CLASSES.filter((name) => named.length === 0 || named.includes(name));
const unknown = named.filter((name) => !CLASSES.some((known) => known === name));
if (unknown.length > 0) {
  process.stderr.write(`muxlet: no such agent class: ${unknown.join(', ')}; there are ${CLASSES.join(', ')}\n`);
  process.exit(2);
}

await bootstrap();
const options = { vitestArguments: args.slice(end + 1), transitions };
const { passed, failed, skipped } = await runAgentTests(classes, options);
for (const name of skipped) process.stdout.write(`skipped (counts as failure): ${name}\n`);
process.exitCode = failed > 0 || skipped.length > 0 ? 1 : 0;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
