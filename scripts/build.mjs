// Makes dist/controller of controller/, if it changed since the last time.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { installPackages } from './bootstrap/packages.mjs';
import { chunks } from './build/chunks.mjs';
import { finishedValidators } from './build/finished-validators.mjs';
import { clearUp, putInPlace } from './build/places.mjs';
import { root } from './root.mjs';

const dist = `${root}/dist`;
const stamp = `${dist}/.sources.sha256`;

/** @returns {Promise<string | undefined>} what is wrong, if something is */
export async function build() {
  const sources = hashOfSources();
  if (stampedHash() === sources && existsSync(`${dist}/controller`)) return undefined;
  const next = `${dist}/.next-${process.pid}`;
  const old = `${dist}/.old-${process.pid}`;
  try {
    clearUp(dist);
    await bundle(`${next}/controller`);
    // What fails from here on leaves no build that counts as finished.
    rmSync(stamp, { force: true });
    putInPlace(`${next}/controller`, `${dist}/controller`, old);
    muxlet('__compile-presets', `${dist}/controller/presets.json`);
    writeFileSync(`${dist}/controller/words.json`, muxlet('__words'));
    mkdirSync(`${dist}/man`, { recursive: true });
    writeFileSync(`${dist}/man/muxlet.1`, muxlet('__manual'));
    writeFileSync(stamp, sources);
    return undefined;
  } catch (error) {
    return `controller/ cannot be built: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    for (const directory of [next, old]) rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Runs what was built.
 * @param {readonly string[]} args
 */
function muxlet(...args) {
  return execFileSync(process.execPath, [`${dist}/controller/main.js`, ...args]);
}

/**
 * Few files: Node.js takes three times as long to begin a verb if it has to find and read hundreds. Names stay as they
 * are, for whoever reads a stack. Types are not looked at; `npm test` does.
 * @param {string} outDir
 */
async function bundle(outDir) {
  // Not before the packages are installed.
  const { rolldown } = await import('rolldown');
  const bundler = await rolldown({
    input: `${root}/controller/main.ts`,
    platform: 'node',
    // The one looks for files of its own beside itself; the other is there only for who develops the terminal library.
    external: ['pino', 'react-devtools-core'],
    // React's other build checks everything again and again.
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [await finishedValidators()],
    logLevel: 'warn',
  });
  await bundler.write({
    dir: outDir,
    format: 'esm',
    sourcemap: true,
    chunkFileNames: '[name]-[hash].js',
    keepNames: true,
    // Who began before a build may load some of it: what he calls must be what it says, or be missing.
    minifyInternalExports: false,
    codeSplitting: chunks(),
  });
  await bundler.close();
  chmodSync(`${outDir}/main.js`, 0o755);
}

/** Of contents, not of times: a checkout of another commit and back needs no new build. */
function hashOfSources() {
  const hash = createHash('sha256');
  for (const file of [
    ...sourceFiles('controller'),
    ...sourceFiles('scripts/build'),
    'package-lock.json',
    'scripts/build.mjs',
  ]) {
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
  const complaint = (installing ? undefined : installPackages()) ?? (await build());
  if (complaint !== undefined) {
    process.stderr.write(`muxlet: ${complaint}\n`);
    process.exitCode = 1;
  }
}
