import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import process from 'node:process';
import { root } from './root.mjs';

/**
 * failures: a line each, with the file, the test's name and what it said first.
 * @typedef {{ passed: number, failed: number, failures: string[], skipped: string[] }} Counts
 */

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
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] | null }} Test
 * @typedef {{ name: string, status: string, message?: string, assertionResults: Test[] }} TestFile
 * @param {{ testResults: TestFile[] } | undefined} report vitest's JSON
 * @param {boolean} succeeded whether vitest exited 0
 * @returns {Counts}
 */
export function countsOf(report, succeeded) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const broken = files.filter(({ status, assertionResults }) => {
    return status === 'failed' && assertionResults.every((test) => test.status !== 'failed');
  });
  const failures = [
    ...files.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => failureLine(name, fullName.trim(), failureMessages?.[0])),
    ),
    ...broken.map(({ name, message }) => failureLine(name, 'could not be run', message)),
  ];
  const unexplained = failures.length === 0 && (!succeeded || report === undefined);
  if (unexplained) failures.push('the run of the tests itself ended badly');
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  return {
    passed,
    failed: failures.length,
    failures,
    skipped: skipped.map(({ fullName }) => fullName.trim()),
  };
}

/** @param {string} file @param {string} title @param {string | undefined} said */
function failureLine(file, title, said) {
  const path = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
  const [first = ''] = (said ?? '').split('\n');
  return `${path}: ${title}${first === '' ? '' : `: ${first.slice(0, 200)}`}`;
}
