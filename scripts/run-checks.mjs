import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { CHECKS } from './checks.mjs';
import { root } from './root.mjs';

/**
 * Runs all checks, as many at once as there are processors, and prints a line for each and what the failed ones said.
 * @returns {Promise<{ name: string, passed: boolean }[]>}
 */
export async function runChecks() {
  const waiting = [...CHECKS];
  /** @type {{ name: string, passed: boolean }[]} */
  const results = [];
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { passed, output, seconds } = await runCheck(check);
      results.push({ name: check.name, passed });
      const line = `${passed ? 'ok    ' : 'FAILED'} ${check.name} (${seconds.toFixed(1)} s)\n`;
      process.stdout.write(passed ? line : `${line}${output.trimEnd()}\n`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/**
 * @param {{ argv: string[] }} check
 * @returns {Promise<{ passed: boolean, output: string, seconds: number }>}
 */
function runCheck({ argv: [command = '', ...args] }) {
  const begun = performance.now();
  let output = '';
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    const end = (/** @type {boolean} */ passed) =>
      resolve({ passed, output, seconds: (performance.now() - begun) / 1000 });
    child.on('error', (error) => {
      output += error.message;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}
