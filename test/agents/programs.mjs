// The real programs that are walked, each pinned by the package.json and the lock file in programs/<name>. A lock file
// names no registry. To take a newer version:
//   cd test/agents/programs/NAME && npm install --package-lock-only --omit-lockfile-registry-resolved PACKAGE@VERSION
//   node scripts/complete-lock.mjs test/agents/programs/NAME
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('programs', import.meta.url));

/** Names of agent classes, in the order in which they are walked. */
export const CLASSES = /** @type {const} */ (['claude', 'codex', 'gemini', 'qwen', 'opencode']);

/**
 * `node` is what the others run on: their newest versions need Node 22, and npm takes old ones silently otherwise.
 * @typedef {{ name: string, version: string, source: string, directory: string, bin: string }} Program
 * @param {string} name
 * @returns {Program} `source` holds the lock file, `directory` is where it is installed, `bin` holds its executables
 */
export function programOf(name) {
  const source = `${folder}/${name}`;
  const manifest = readFileSync(`${source}/package.json`, 'utf8');
  const lock = readFileSync(`${source}/package-lock.json`, 'utf8');
  const version = String(Object.values(JSON.parse(manifest).dependencies)[0]);
  const hash = createHash('sha256').update(manifest).update(lock).digest('hex').slice(0, 8);
  const directory = `${cacheDirectory()}/${name}-${version}-${process.platform}-${process.arch}-${hash}`;
  return { name, version, source, directory, bin: `${directory}/node_modules/.bin` };
}

/**
 * Outside the checkout, so that every checkout and every run shares the 1.5 GB: MUXLET_AGENTS_CACHE, else muxlet/agents
 * in the user's cache. Inside a box the first of them is set.
 */
export function cacheDirectory() {
  const { MUXLET_AGENTS_CACHE: own, XDG_CACHE_HOME: cache } = process.env;
  return own || `${cache || `${homedir()}/.cache`}/muxlet/agents`;
}

/**
 * The PATH under which a program is installed and run.
 * @param {...Program} programs
 */
export function pathWith(...programs) {
  return [
    ...programs.map(({ bin }) => bin),
    programOf('node').bin,
    dirname(process.execPath),
    process.env['PATH'],
  ].join(':');
}
