// Prometheus and Alertmanager, with their tools: from the PATH, else Debian's packages unpacked into the user's cache. They
// are not installed: that would start services on somebody's machine.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import process from 'node:process';

const PACKAGES = ['prometheus', 'prometheus-alertmanager'];
/** Debian calls the last one otherwise than its makers. */
const NAMES = {
  promtool: ['promtool'],
  prometheus: ['prometheus'],
  amtool: ['amtool'],
  alertmanager: ['alertmanager', 'prometheus-alertmanager'],
};

/**
 * @typedef {{ promtool: string, prometheus: string, amtool: string, alertmanager: string }} OperatorPrograms
 * @returns {OperatorPrograms | undefined} their paths; undefined if one is missing
 */
export function findOperatorPrograms() {
  const folders = [...(process.env['PATH'] ?? '').split(':').filter(Boolean), `${cacheDirectory()}/usr/bin`];
  const found = Object.entries(NAMES).map(([name, candidates]) => [name, firstIn(folders, candidates)]);
  if (found.some(([, path]) => path === undefined)) return undefined;
  return /** @type {OperatorPrograms} */ (Object.fromEntries(found));
}

/**
 * Fetches them if they are missing.
 * @returns {string | undefined} what is wrong, if something is
 */
export function fetchOperatorPrograms() {
  if (findOperatorPrograms() !== undefined) return undefined;
  process.stderr.write(`muxlet: fetching ${PACKAGES.join(' and ')} into ${cacheDirectory()}\n`);
  fetchPackages();
  if (findOperatorPrograms() !== undefined) return undefined;
  const command =
    process.platform === 'darwin' ? 'brew install prometheus alertmanager' : `apt-get install ${PACKAGES.join(' ')}`;
  return `rules and dashboards are tried with Prometheus and Alertmanager, which could not be fetched; run: ${command}`;
}

function cacheDirectory() {
  return `${process.env['XDG_CACHE_HOME'] || `${homedir()}/.cache`}/muxlet/operators-${process.arch}`;
}

/**
 * @param {string[]} folders
 * @param {string[]} names
 */
function firstIn(folders, names) {
  return folders.flatMap((folder) => names.map((name) => `${folder}/${name}`)).find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function fetchPackages() {
  const cache = cacheDirectory();
  mkdirSync(`${cache}/..`, { recursive: true });
  // Under another name until it is whole, so that a killed run leaves nothing that looks finished.
  const next = mkdtempSync(`${cache}.next-`);
  try {
    if (!download(next)) return;
    for (const file of readdirSync(next).filter((name) => name.endsWith('.deb'))) {
      if (!succeeds('dpkg-deb', ['-x', file, '.'], next)) return;
      rmSync(`${next}/${file}`);
    }
    rmSync(cache, { recursive: true, force: true });
    renameSync(next, cache);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function download(folder) {
  if (succeeds('apt-get', ['-qq', 'download', ...PACKAGES], folder)) return true;
  // A fresh machine has no package lists yet; only root may fetch them.
  if (process.getuid?.() !== 0) return false;
  return (
    succeeds('apt-get', ['-qq', 'update'], folder) && succeeds('apt-get', ['-qq', 'download', ...PACKAGES], folder)
  );
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
function succeeds(command, args, cwd) {
  return spawnSync(command, args, { cwd, stdio: 'ignore', timeout: 300_000 }).status === 0;
}
