import { isAbsolute, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { checkSocketName } from './check-places.ts';
import type { CliDeps, Places } from './ports.ts';

/** The flags that every verb takes. Each has an environment variable; the flag wins. */
export function addGlobalOptions(program: Command): Command {
  return program
    .option('--specs <dir>', 'directory of the specs (env: MUXLET_SPECS; default: ./specs)')
    .option('--state <dir>', 'directory of the state (env: MUXLET_STATE; default: ./state)')
    .option('--tmux-socket <name>', 'name of the tmux server (env: MUXLET_TMUX_SOCKET; default: muxlet)');
}

/** An empty variable counts as unset, as in most programs. */
export function placesOf(command: Command, { env, cwd }: Pick<CliDeps, 'env' | 'cwd'>): Places {
  const flags = command.optsWithGlobals<{ specs?: string; state?: string; tmuxSocket?: string }>();
  return {
    specs: absolute(cwd, flags.specs ?? (env['MUXLET_SPECS'] || './specs')),
    state: absolute(cwd, flags.state ?? (env['MUXLET_STATE'] || './state')),
    socket: checkSocketName(flags.tmuxSocket ?? (env['MUXLET_TMUX_SOCKET'] || 'muxlet')),
  };
}

export function absolute(cwd: string, path: string): string {
  const full = normalize(isAbsolute(path) ? path : join(cwd, path));
  return full.length > 1 && full.endsWith('/') ? full.slice(0, -1) : full;
}

/** A path as a person reads it: from the working directory, if it is below it. */
export function shortPath(cwd: string, path: string): string {
  return path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
}
