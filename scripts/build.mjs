// Compiles controller/ to dist/controller, if it changed since the last time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { installPackages } from './bootstrap/packages.mjs';
import { root } from './root.mjs';

const dist = `${root}/dist`;
const stamp = `${dist}/.sources.sha256`;

/** @returns {string | undefined} what is wrong, if something is */
export function build() {
  const sources = hashOfSources();
  if (stampedHash() === sources && existsSync(`${dist}/controller`)) return undefined;
  const next = `${dist}/.next-${process.pid}`;
  const old = `${dist}/.old-${process.pid}`;
  try {
    if (!compile(next)) return 'controller/ does not compile; see above';
    // Whole directories change places, so that nobody who starts now sees half of each and no deleted source lives on.
    if (existsSync(`${dist}/controller`)) renameSync(`${dist}/controller`, old);
    renameSync(`${next}/controller`, `${dist}/controller`);
    writeFileSync(stamp, sources);
    return undefined;
  } finally {
    for (const directory of [next, old]) rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {string} outDir */
function compile(outDir) {
  mkdirSync(outDir, { recursive: true });
  const tsc = [`${root}/node_modules/typescript/bin/tsc`, '-p', `${root}/tsconfig.build.json`, '--outDir', outDir];
  if (spawnSync(process.execPath, tsc, { cwd: root, stdio: ['ignore', 2, 2] }).status !== 0) return false;
  for (const file of sourceFiles('controller').filter((path) => !path.endsWith('.ts'))) {
    cpSync(`${root}/${file}`, `${outDir}/${file}`);
  }
  const main = `${outDir}/controller/main.js`;
  if (existsSync(main)) chmodSync(main, 0o755);
  return true;
}

/** Of contents, not of times: a checkout of another commit and back needs no new build. */
function hashOfSources() {
  const hash = createHash('sha256');
  for (const file of [...sourceFiles('controller'), 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs']) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(`${root}/${file}`))
      .update('\0');
  }
  return hash.digest('hex');
}

function stampedHash() {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

/**
 * @param {string} folder
 * @returns {string[]} paths from the root, sorted
 */
function sourceFiles(folder) {
  return readdirSync(`${root}/${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length + 1))
    .sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // npx runs the prepare script of a checkout in which nothing was installed yet; npm's own installing must not recurse.
  const installing = ['ci', 'install'].includes(process.env['npm_command'] ?? '');
  const complaint = (installing ? undefined : installPackages()) ?? build();
  if (complaint !== undefined) {
    process.stderr.write(`muxlet: ${complaint}\n`);
    process.exitCode = 1;
  }
}
