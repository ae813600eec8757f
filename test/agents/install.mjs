// Brings pinned real programs into the cache. Runs outside the box, because it needs the network.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import process from 'node:process';
import { forgetNpm } from '../../scripts/npm-environment.mjs';
import { pathWith, programOf } from './programs.mjs';

const TRIES = 3;

/**
 * Installs what is not there yet, one after the other. A finished directory is never touched again.
 * @param {readonly string[]} names of classes
 * @returns {string[]} one line for each that could not be installed; none if all is well
 */
export function installAgents(names) {
  const complaint = install('node');
  return complaint === undefined ? names.flatMap((name) => install(name) ?? []) : [complaint];
}

/**
 * @param {string} name
 * @returns {string | undefined} what is wrong, if something is
 */
function install(name) {
  const program = programOf(name);
  if (existsSync(program.directory)) return undefined;
  process.stderr.write(`muxlet: installing ${name} ${program.version} into ${program.directory}\n`);
  // Under another name until it is whole, so that a killed run leaves nothing that looks finished.
  const next = `${program.directory}.next-${process.pid}`;
  try {
    for (let left = TRIES; left > 0; left -= 1) {
      if (!npmCi(program.source, next)) continue;
      const found = versionOf(name, next);
      if (!found.includes(program.version))
        return `${name} says that it is ${found || 'nothing'}, not ${program.version}`;
      take(next, program.directory);
      return undefined;
    }
    return `${name} ${program.version} could not be installed in ${TRIES} tries; see above`;
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/**
 * @param {string} source
 * @param {string} directory
 */
function npmCi(source, directory) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) cpSync(`${source}/${file}`, `${directory}/${file}`);
  const flags = ['--engine-strict', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const options = { cwd: directory, env: environment(), timeout: 300_000 };
  return spawnSync('npm', ['ci', ...flags], { ...options, stdio: ['ignore', 2, 2] }).status === 0;
}

/**
 * @param {string} name which is also the name of the executable
 * @param {string} directory
 */
function versionOf(name, directory) {
  const options = /** @type {const} */ ({ encoding: 'utf8', env: environment(), timeout: 60_000 });
  const { stdout } = spawnSync(`${directory}/node_modules/.bin/${name}`, ['--version'], options);
  return (stdout ?? '').trim();
}

/** npm as the user runs it, but under the Node that the programs need. */
function environment() {
  const env = { ...process.env };
  forgetNpm(env);
  return { ...env, PATH: pathWith() };
}

/**
 * @param {string} next
 * @param {string} directory
 */
function take(next, directory) {
  try {
    renameSync(next, directory);
  } catch (error) {
    // Another run was quicker, and its directory is as good.
    if (!existsSync(directory)) throw error;
  }
}
