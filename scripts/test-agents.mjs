// `npm run test:agents -- [CLASS...] [-- VITEST_ARGUMENT...]`: walks the real coding agents, all of them or those named,
// against a model API of our own, in a box without network. Installs what is missing first. Ends with a line a class
// and `N passed, N failed, N skipped`; a class that cannot be installed is one that failed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { boxComplaint, runInBox } from '../test/agents/box/box.mjs';
import { installAgents } from '../test/agents/install.mjs';
import { CLASSES, cacheDirectory, programOf } from '../test/agents/programs.mjs';
import { bootstrap } from './bootstrap.mjs';
import { forgetNpm } from './npm-environment.mjs';
import { root } from './root.mjs';
import { countsOf } from './run-tests.mjs';

const BOX = '/box.test.ts';

const { classes, vitestArguments } = readArguments(process.argv.slice(2));
await bootstrap();
forgetNpm(process.env);
const complaint = boxComplaint();
if (complaint !== undefined) fail(complaint);
const complaints = installAgents(classes);
for (const line of complaints) process.stderr.write(`muxlet: ${line}\n`);

const begun = performance.now();
const { status, report } = await walk();
const counts = countsOf(report, status === 0);
const failed = counts.failed + complaints.length;
process.stdout.write(`\n${table(report?.testResults ?? [])}`);
process.stdout.write(`in ${((performance.now() - begun) / 1000).toFixed(0)} s\n`);
for (const name of counts.skipped) process.stdout.write(`skipped (counts as failure): ${name}\n`);
process.exitCode = failed > 0 || counts.skipped.length > 0 ? 1 : 0;
process.stdout.write(`${counts.passed} passed, ${failed} failed, ${counts.skipped.length} skipped\n`);

/** @param {string[]} args */
function readArguments(args) {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const named = args.slice(0, end);
  const unknown = named.filter((name) => !CLASSES.some((known) => known === name));
  if (unknown.length > 0) fail(`no such agent class: ${unknown.join(', ')}; there are ${CLASSES.join(', ')}`, 2);
  return { classes: named.length > 0 ? named : [...CLASSES], vitestArguments: args.slice(end + 1) };
}

/**
 * @param {string} line
 * @param {number} code
 * @returns {never}
 */
function fail(line, code = 1) {
  process.stderr.write(`muxlet: ${line}\n`);
  process.exit(code);
}

/**
 * @typedef {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }} TestFile
 * @returns {Promise<{ status: number, report: { testResults: TestFile[] } | undefined }>}
 */
async function walk() {
  const cache = cacheDirectory();
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${tmpdir()}/muxlet-agents-`);
  const file = `${folder}/report.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const vitest = [process.execPath, `${root}/node_modules/vitest/vitest.mjs`, 'run'];
  // A file is of a class by its name; those of no class are about the box and always run.
  const files = [BOX, ...classes.map((name) => `/${name}.test.ts`)];
  const command = [
    ...vitest,
    '--config',
    `${root}/test/agents/vitest.config.ts`,
    ...reporters,
    ...files,
    ...vitestArguments,
  ];
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    TERM: process.env['TERM'] ?? 'xterm-256color',
    MUXLET_AGENTS_CACHE: cache,
    ...(process.env['CI'] !== undefined && { CI: 'true' }),
  };
  try {
    const status = await runInBox(command, {
      env,
      keep: [root, cache, folder, process.execPath.replace(/\/[^/]*$/, '')],
    });
    return { status, report: JSON.parse(readFileSync(file, 'utf8')) };
  } catch {
    return { status: 1, report: undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {TestFile[]} testFiles */
function table(testFiles) {
  const rows = [
    ...classes.map((name) => ({ name, version: programOf(name).version, ending: `/${name}.test.ts` })),
    { name: 'the box', version: '', ending: BOX },
  ].map(({ name, version, ending }) => {
    const own = testFiles.filter((file) => file.name.endsWith(ending));
    const counts = countsOf({ testResults: own }, own.length > 0);
    return [name, version, counts.passed, counts.failed, counts.skipped.length].map(String);
  });
  const lines = [['CLASS', 'VERSION', 'PASSED', 'FAILED', 'SKIPPED'], ...rows];
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell) => cell.padEnd(11))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}
