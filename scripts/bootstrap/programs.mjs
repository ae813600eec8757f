import { spawnSync } from 'node:child_process';
import process from 'node:process';

/**
 * tmux 3.0a and git, installed through the system's package manager where that needs nobody's password.
 * @returns {string | undefined} what is wrong, if something is
 */
export function installPrograms() {
  const missing = missingPrograms();
  if (missing.length === 0) return undefined;
  installWith(missing);
  const still = missingPrograms();
  return still.length === 0 ? undefined : complaint(still);
}

/**
 * Installs packages, where that needs nobody's password.
 * @param {string[]} packages
 */
export function installWith(packages) {
  const installer = findInstaller();
  if (installer === undefined) return;
  process.stderr.write(`muxlet: installing ${packages.join(' and ')} with ${installer.name}\n`);
  installer.install(packages);
}

function missingPrograms() {
  const tmux = versionOf('tmux', '-V');
  const git = versionOf('git', '--version');
  return [...(tmux !== undefined && tmuxIsNewEnough(tmux) ? [] : ['tmux']), ...(git === undefined ? ['git'] : [])];
}

/**
 * @param {string} program
 * @param {string} flag
 */
function versionOf(program, flag) {
  const { status, stdout } = run(program, [flag]);
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * 3.0a or newer. A version without a number (`tmux master`, `tmux openbsd-7.5`) is one that somebody built on purpose.
 * @param {string} text what `tmux -V` prints
 */
export function tmuxIsNewEnough(text) {
  const match = /^tmux (?:next-)?(\d+)\.(\d+)([a-z]?)/.exec(text);
  if (match === null) return true;
  const [, major, minor, letter] = match;
  return Number(major) > 3 || (Number(major) === 3 && (Number(minor) > 0 || letter !== ''));
}

/** @returns {{ name: string, install: (programs: string[]) => void } | undefined} */
function findInstaller() {
  const prefix = rootPrefix();
  if (prefix !== undefined && run('apt-get', ['--version']).status === 0) {
    return { name: 'apt-get', install: (programs) => aptInstall(prefix, programs) };
  }
  if (run('brew', ['--version']).status === 0) {
    return { name: 'brew', install: (programs) => void run('brew', ['install', ...programs], { NONINTERACTIVE: '1' }) };
  }
  return undefined;
}

/** What to put before a command so that it runs as root, if that is possible without asking anybody. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return run('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined;
}

/**
 * @param {string[]} prefix
 * @param {string[]} programs
 */
function aptInstall(prefix, programs) {
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=60', '-qq'];
  const install = [...apt, 'install', '--yes', '--no-install-recommends', ...programs];
  if (runAll(install).status === 0) return;
  // A fresh machine has no package lists yet, an old one has stale ones.
  if (runAll([...apt, 'update']).status === 0) runAll(install);
}

/** @param {string[]} argv */
function runAll([command = '', ...args]) {
  return run(command, args);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
function run(command, args, env = {}) {
  return spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 600_000,
  });
}

/** @param {string[]} missing */
function complaint(missing) {
  const needed = missing.map((program) => (program === 'tmux' ? 'tmux 3.0a or newer' : program)).join(' and ');
  const command = process.platform === 'darwin' ? 'brew install' : 'sudo apt-get install';
  const other = process.platform === 'darwin' ? '' : ", or your system's way to install packages";
  return `needs ${needed}, which could not be installed from here; run: ${command} ${missing.join(' ')}${other}`;
}
