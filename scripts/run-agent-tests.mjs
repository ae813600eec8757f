// Walks the real coding agents, installed first where they are missing, in a box without network.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { boxComplaint, runInBox } from '../test/agents/box/box.mjs';
import { installAgents } from '../test/agents/install.mjs';
import { cacheDirectory, programOf } from '../test/agents/programs.mjs';
import { forgetNpm } from './npm-environment.mjs';
import { root } from './root.mjs';
import { countsOf } from './run-tests.mjs';

const BOX = '/box.test.ts';

/**
 * Prints a line a class at the end. A class that cannot be installed is one that failed.
 * @param {readonly (typeof import('../test/agents/programs.mjs').CLASSES)[number][]} classes
 * @param {{ vitestArguments?: string[], isShort?: boolean, again?: Again | undefined }} [options] short: without the steps
 *   that wait for minutes; again: in place of each step once, one thing so often for each class
 * @returns {Promise<import('./run-tests.mjs').Counts>}
 */
export async function runAgentTests(classes, { vitestArguments = [], isShort = false, again } = {}) {
  forgetNpm(process.env);
  const complaint = boxComplaint();
  if (complaint !== undefined) {
    process.stderr.write(`muxlet: ${complaint}\n`);
    return { passed: 0, failed: 1, failures: [complaint], skipped: [] };
  }
  const complaints = installAgents([...classes]);
  for (const line of complaints) process.stderr.write(`muxlet: ${line}\n`);
  const begun = performance.now();
  const { status, report } = await walk({ classes, vitestArguments, isShort, again });
  const { passed, failed, failures, skipped } = countsOf(report, status === 0);
  process.stdout.write(`\n${table(classes, report?.testResults ?? [], again === undefined)}`);
  process.stdout.write(`in ${((performance.now() - begun) / 1000).toFixed(0)} s\n`);
  return { passed, failed: failed + complaints.length, failures: [...failures, ...complaints], skipped };
}

/**
 * @typedef {{ what: 'transitions' | 'messages', count: number }} Again
 * @typedef {import('./run-tests.mjs').TestFile} TestFile
 * @typedef {{ classes: readonly string[], vitestArguments: string[], isShort: boolean, again: Again | undefined }} What
 * @param {What} what
 * @returns {Promise<{ status: number, report: { testResults: TestFile[] } | undefined }>}
 */
async function walk({ classes, vitestArguments, isShort, again }) {
  const cache = cacheDirectory();
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${tmpdir()}/muxlet-agents-`);
  const file = `${folder}/report.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const vitest = [process.execPath, `${root}/node_modules/vitest/vitest.mjs`, 'run'];
  // A file is of a class by its name; those of no class are about the box.
  const once = [BOX, ...classes.map((name) => `/${name}.test.ts`)];
  const files = again === undefined ? once : classes.map((name) => `walk/${name}.test.ts`);
  const command = [
    ...vitest,
    '--config',
    `${root}/test/agents/vitest.config.ts`,
    ...reporters,
    ...files,
    ...vitestArguments,
  ];
  const { MUXLET_WALK_SEED: seed } = process.env;
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    TERM: process.env['TERM'] ?? 'xterm-256color',
    MUXLET_AGENTS_CACHE: cache,
    ...(process.env['CI'] !== undefined && { CI: 'true' }),
    ...(isShort && { MUXLET_WALK_SHORT: '1' }),
    ...(again !== undefined && { [`MUXLET_WALK_${again.what.toUpperCase()}`]: `${again.count}` }),
    ...(seed !== undefined && { MUXLET_WALK_SEED: seed }),
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

/**
 * @param {readonly (typeof import('../test/agents/programs.mjs').CLASSES)[number][]} classes
 * @param {TestFile[]} testFiles
 * @param {boolean} withBox whether the box itself was tried
 */
function table(classes, testFiles, withBox) {
  const rows = [
    ...classes.map((name) => ({ name, version: programOf(name).version, ending: `/${name}.test.ts` })),
    ...(withBox ? [{ name: 'the box', version: '', ending: BOX }] : []),
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
