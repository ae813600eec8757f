import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { root } from './root.mjs';

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Counts */

/**
 * @param {string[]} projects of vitest.config.ts
 * @returns {Counts}
 */
export function runTests(projects) {
  const folder = mkdtempSync(`${tmpdir()}/muxlet-tests-`);
  const report = `${folder}/report.json`;
  const select = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const vitest = [`${root}/node_modules/vitest/vitest.mjs`, 'run', ...select, ...reporters];
  try {
    const { status } = spawnSync(process.execPath, vitest, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    return countsOf(readReport(report), status === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * A file that could not be loaded has no tests and counts as one that failed; so does an end that no test explains
 * (an unhandled rejection, a crash), with or without a report.
 * @typedef {{ status: string, fullName: string }} Test
 * @param {{ testResults: { name: string, status: string, assertionResults: Test[] }[] } | undefined} report vitest's JSON
 * @param {boolean} succeeded whether vitest exited 0
 * @returns {Counts}
 */
export function countsOf(report, succeeded) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const broken = files.filter(({ status, assertionResults }) => {
    return status === 'failed' && assertionResults.every((test) => test.status !== 'failed');
  });
  const failed = tests.filter(({ status }) => status === 'failed').length + broken.length;
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  return {
    passed,
    failed: failed === 0 && (!succeeded || report === undefined) ? 1 : failed,
    skipped: skipped.map(({ fullName }) => fullName.trim()),
  };
}
