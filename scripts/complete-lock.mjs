// Adds to package-lock.json the packages for other systems that npm left out. npm drops an optional package that the
// registry it asked does not hold (a mirror for one platform), and `npm ci` then fails everywhere, here included.
// Run it after `npm install`; test/conventions/lock.test.ts says when. `node scripts/complete-lock.mjs [FOLDER]`.
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

const OS = /(?:^|[-/])(android|darwin|freebsd|linux|openharmony|win32|windows)(?=-)/;
const CPU = /-(arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64)(?=-|$)/;
const MUSL = /-musl(?:eabihf)?$/;
const GLIBC = /-gnu(?:eabihf)?$/;

/**
 * @typedef {{ version?: string, dev?: true, optional?: true, os?: string[], cpu?: string[], libc?: string[],
 *   license?: string, optionalDependencies?: Record<string, string> }} Entry
 * @param {Record<string, Entry>} packages of a lock file
 * @returns {{ path: string, version: string, wantedBy: Entry }[]} optional packages that are wanted and not there
 */
export function missingOptionals(packages) {
  return Object.entries(packages).flatMap(([parent, wantedBy]) =>
    Object.entries(wantedBy.optionalDependencies ?? {})
      .filter(([name]) => !folders(parent).some((folder) => packages[`${folder}node_modules/${name}`] !== undefined))
      .map(([name, version]) => ({ path: `node_modules/${name}`, version, wantedBy })),
  );
}

/**
 * Where Node looks for a package that `path` imports, nearest first.
 * @param {string} path like node_modules/a/node_modules/b
 */
function folders(path) {
  const parts = path.split('/node_modules/');
  return [...parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/`), ''];
}

/** @param {{ path: string, version: string, wantedBy: Entry }} missing */
function entryOf({ path, version, wantedBy }) {
  const [os] = OS.exec(path)?.slice(1) ?? [];
  const [cpu] = CPU.exec(path)?.slice(1) ?? [];
  if (os === undefined || cpu === undefined || !/^\d/.test(version))
    throw new Error(`cannot tell the system of ${path}`);
  const libc = MUSL.test(path) ? ['musl'] : os === 'linux' && GLIBC.test(path) ? ['glibc'] : undefined;
  return {
    version,
    cpu: [cpu],
    ...(wantedBy.dev && { dev: true }),
    ...(libc && { libc }),
    ...(wantedBy.license && { license: wantedBy.license }),
    optional: true,
    os: [os === 'windows' ? 'win32' : os],
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = `${process.argv[2] ?? root}/package-lock.json`;
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  for (const missing of missingOptionals(lock.packages)) lock.packages[missing.path] = entryOf(missing);
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
