import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { root } from '../root.mjs';

/**
 * Installs the packages of the lock file if node_modules does not hold exactly them.
 * @returns {string | undefined} what is wrong, if something is
 */
export function installPackages() {
  if (packagesAreCurrent(root)) return undefined;
  process.stderr.write('muxlet: installing the npm packages of package-lock.json\n');
  const { command, args } = npm();
  // What builds and tests the project are dev dependencies, whatever NODE_ENV says.
  const ci = [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync(command, ci, { cwd: root, stdio: ['ignore', 2, 2] });
  return status === 0 ? undefined : "the npm packages could not be installed; see above, then try 'npm ci'";
}

/** The npm that runs us, else the one on the path. */
function npm() {
  const running = process.env['npm_execpath'];
  if (running?.endsWith('npm-cli.js')) return { command: process.execPath, args: [running] };
  return { command: 'npm', args: [] };
}

/**
 * Compares the lock file with npm's own record of what it installed. Times say nothing here: a checkout of another
 * commit changes the lock file's time either way.
 * @param {string} directory holds package-lock.json and node_modules
 */
export function packagesAreCurrent(directory) {
  const wanted = lockedPackages(`${directory}/package-lock.json`);
  const installed = lockedPackages(`${directory}/node_modules/.package-lock.json`);
  if (wanted === undefined || installed === undefined) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    const found = installed[path];
    // Packages for other systems are in the lock file, and npm leaves them out.
    if (found === undefined && (path === '' || entry.optional === true)) continue;
    if (found?.version !== entry.version || found?.integrity !== entry.integrity) return false;
  }
  if (Object.keys(installed).some((path) => wanted[path] === undefined)) return false;
  return directDependencies(wanted['']).every((name) => existsSync(`${directory}/node_modules/${name}/package.json`));
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, dependencies?: object, devDependencies?: object }} Locked
 * @param {string} file
 * @returns {Record<string, Locked> | undefined}
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @param {Locked | undefined} project */
function directDependencies(project) {
  return Object.keys({ ...project?.dependencies, ...project?.devDependencies });
}
