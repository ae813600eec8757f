import { type BigIntStats, type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Problem } from '../../api/problem.ts';
import { permissionFault } from './permissions.ts';

/** A regular file that may be opened. */
export interface FoundFile {
  /** Path from the specs directory, with '/' between: what a last-good record remembers. */
  readonly source: string;
  /** As the person named it: the specs directory as given, and the source. */
  readonly path: string;
  /** Changes whenever the content may have changed. */
  readonly version: FileVersion;
}

export interface FileVersion {
  /** Device and inode: the same for every name of one file. */
  readonly identity: string;
  /** Size and times, to the nanosecond. */
  readonly stamp: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch: when the content or the file's attributes were last changed. */
  readonly changedAt: number;
}

export interface Scan {
  /** Absent where the directory as a whole cannot be told. */
  readonly files: readonly FoundFile[];
  /** Sources that are there but not to be read: files, or directories with all that is below them ('' is the root). */
  readonly closed: readonly string[];
  /** False: nothing can be said about what is there, and nothing counts as removed. */
  readonly readable: boolean;
  readonly problems: readonly Problem[];
}

export interface ScanOptions {
  readonly directory: string;
  readonly allowInsecure: boolean;
}

const SPEC_FILE = /\.(ya?ml|json)$/i;

/**
 * Finds the spec files of a directory by looking at names and attributes alone; opens none. Hidden names are passed
 * over, and so are editors' temporaries, which lack the extension. Never throws.
 */
export function scanDirectory({ directory, allowInsecure }: ScanOptions): Scan {
  let root: string;
  try {
    root = realpathSync(directory);
    if (!statSync(root).isDirectory()) throw new Error('it is not a directory');
    readdirSync(root);
  } catch (error) {
    return { files: [], closed: [''], readable: false, problems: [directoryMissing(directory, error)] };
  }
  const walk: Walk = {
    directory,
    root,
    allowInsecure,
    seen: new Set(),
    links: [],
    files: [],
    closed: [],
    problems: [],
  };
  visitDirectory(walk, '', root);
  // Links come last, so that a file is known by its own name and a link to it adds nothing. The list grows meanwhile.
  for (let link = walk.links.shift(); link !== undefined; link = walk.links.shift()) visitLink(walk, link);
  const readable = !walk.closed.includes('');
  return { files: walk.files.sort(bySource), closed: walk.closed, readable, problems: walk.problems };
}

interface Walk {
  readonly directory: string;
  readonly root: string;
  readonly allowInsecure: boolean;
  /** Device and inode of every file and directory met so far: ends loops, and counts each file once. */
  readonly seen: Set<string>;
  readonly links: string[];
  readonly files: FoundFile[];
  readonly closed: string[];
  readonly problems: Problem[];
}

function visitDirectory(walk: Walk, source: string, real: string): void {
  let entries: Dirent[];
  try {
    const stats = lstatSync(real, { bigint: true });
    if (!admit(walk, source, stats)) return;
    entries = readdirSync(real, { withFileTypes: true });
  } catch (error) {
    unreadable(walk, source, error);
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const below = source === '' ? entry.name : `${source}/${entry.name}`;
    if (entry.isSymbolicLink()) walk.links.push(below);
    else if (entry.isDirectory()) visitDirectory(walk, below, join(real, entry.name));
    else if (SPEC_FILE.test(entry.name)) visitFile(walk, below, join(real, entry.name));
  }
}

function visitFile(walk: Walk, source: string, real: string): void {
  try {
    const stats = lstatSync(real, { bigint: true });
    if (!stats.isFile()) {
      unreadable(walk, source, new Error('it is no regular file'));
      return;
    }
    if (!admit(walk, source, stats)) return;
    walk.files.push({ source, path: join(walk.directory, source), version: versionOf(stats) });
  } catch (error) {
    // Gone between the listing and the look: it is simply not there.
    if (codeOf(error) !== 'ENOENT') unreadable(walk, source, error);
  }
}

function visitLink(walk: Walk, source: string): void {
  const path = join(walk.root, source);
  try {
    const real = realpathSync(path);
    const stats = statSync(real);
    if (!stats.isDirectory() && !SPEC_FILE.test(source)) return;
    if (real !== walk.root && !real.startsWith(walk.root + sep)) {
      walk.closed.push(source);
      walk.problems.push({
        code: 'SymlinkOutside',
        severity: 'Error',
        file: join(walk.directory, source),
        message: `the symbolic link leads out of the specs directory, to ${real}; it is not followed`,
        hint: 'put the file itself, or a copy, into the specs directory',
      });
    } else if (stats.isDirectory()) visitDirectory(walk, source, real);
    else visitFile(walk, source, real);
  } catch (error) {
    const gone = codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP';
    if (!gone || SPEC_FILE.test(source)) unreadable(walk, source, error);
  }
}

/** Whether to go on with a file or directory: it was not met before, and only those who may can write it. */
function admit(walk: Walk, source: string, stats: BigIntStats): boolean {
  const identity = identityOf(stats);
  if (walk.seen.has(identity)) return false;
  walk.seen.add(identity);
  const fault = permissionFault(stats);
  if (fault === undefined) return true;
  const path = join(walk.directory, source);
  walk.problems.push({
    code: 'UnsafePermissions',
    severity: walk.allowInsecure ? 'Warning' : 'Error',
    file: path,
    message: fault.message,
    hint: fault.remedy(path),
  });
  if (!walk.allowInsecure) walk.closed.push(source);
  return walk.allowInsecure;
}

function unreadable(walk: Walk, source: string, error: unknown): void {
  walk.closed.push(source);
  walk.problems.push(fileUnreadable(join(walk.directory, source), error));
}

export function fileUnreadable(path: string, error: unknown): Problem {
  const code = codeOf(error);
  const hint =
    code === 'EACCES' || code === 'EPERM' ? `let the controller's user read it: chmod u+r ${path}` : undefined;
  return {
    code: 'FileUnreadable',
    severity: 'Error',
    file: path,
    message: `cannot be read: ${code ?? (error instanceof Error ? error.message : String(error))}`,
    ...(hint !== undefined && { hint }),
  };
}

function directoryMissing(directory: string, error: unknown): Problem {
  const code = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
  return {
    code: 'DirectoryMissing',
    severity: 'Error',
    file: directory,
    message: `the specs directory cannot be read: ${code}; everything stays as it is`,
    hint: code === 'ENOENT' ? `mkdir -p ${directory}` : 'make it a directory that the controller can read',
  };
}

export function versionOf(stats: BigIntStats): FileVersion {
  const { size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats;
  return {
    identity: identityOf(stats),
    stamp: `${size}:${mtimeNs}:${ctimeNs}`,
    size: Number(size),
    changedAt: Math.max(Number(mtimeMs), Number(ctimeMs)),
  };
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

function bySource(a: FoundFile, b: FoundFile): number {
  return a.source < b.source ? -1 : 1;
}
