import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MuxletError } from '../api/errors.ts';

/** A socket is a file in one folder, and a further server of ours is NAME.1: see `docs/configuration.md`. */
const SOCKET_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
const FURTHER_SERVER = /\.\d+$/;

/** @throws MUX_USAGE if tmux would take the name for another place, or we for another server */
export function checkSocketName(name: string): string {
  if (SOCKET_NAME.test(name) && !FURTHER_SERVER.test(name)) return name;
  throw new MuxletError('MUX_USAGE', `"${name}" cannot be the name of a tmux server`, {
    hint: 'letters, digits, _, - and . only, 64 at most, and no .1, .2 … at its end: those are further servers of muxlet',
  });
}

/**
 * Each would take the other's files for its own: specs that the controller writes itself, state that a person edits.
 *
 * @throws MUX_USAGE if one of the two directories is the other or stands in it, links followed
 */
export function checkSeparate({ specs, state }: { readonly specs: string; readonly state: string }): void {
  const [realSpecs, realState] = [realPath(specs), realPath(state)];
  const relation = nesting(realSpecs, realState);
  if (relation === undefined) return;
  throw new MuxletError('MUX_USAGE', relation, { hint: 'give two directories side by side: --specs and --state' });
}

function nesting(specs: string, state: string): string | undefined {
  if (specs === state) return `${specs} cannot hold both the specs and the state`;
  if (isIn(state, specs)) return `the state directory ${state} stands in the specs directory ${specs}`;
  if (isIn(specs, state)) return `the specs directory ${specs} stands in the state directory ${state}`;
  return undefined;
}

function isIn(path: string, directory: string): boolean {
  return path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}

/** What does not exist yet will stand where its parent is. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}
