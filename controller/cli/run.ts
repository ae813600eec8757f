import type { Command } from 'commander';
import { MuxletError } from '../api/errors.ts';
import { checkSeparate } from './check-places.ts';
import { parseDuration } from './duration.ts';
import { placesOf } from './options.ts';
import type { CliDeps, Places } from './ports.ts';

export interface RunSettings extends Places {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Converge, then end. */
  readonly once: boolean;
  /** How long `once` may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly resyncMs: number;
  readonly orphanGraceMs: number;
  readonly logFormat: 'pretty' | 'json' | 'journal';
  readonly allowInsecure: boolean;
}

/** Runs the controller to its end; gives the exit code. */
export type RunPort = (settings: RunSettings) => Promise<number>;

interface RunFlags {
  readonly listen?: { readonly host: string; readonly port: number };
  readonly once?: boolean;
  readonly timeout: number;
  readonly resync?: number;
  readonly orphanGrace?: number;
  readonly logFormat?: string;
  readonly allowInsecureSpecs?: boolean;
}

const DEFAULT_LISTEN = '127.0.0.1:9779';
const DEFAULT_RESYNC = '30s';
const DEFAULT_ORPHAN_GRACE = '1h';
/** Oftener, the controller would do nothing else, in milliseconds. */
const LEAST_RESYNC_MS = 100;

export function addRun(program: Command, deps: CliDeps, run: RunPort): void {
  program
    .command('run')
    .summary('run the controller')
    .description('Converges on the specs until it is ended (SIGINT, SIGTERM). Agents go on when it ends.')
    .option(
      '--listen <host:port>',
      `where /metrics and /healthz are (env: MUXLET_LISTEN; default: ${DEFAULT_LISTEN})`,
      parseListen,
    )
    .option('--once', 'converge, then end: 0 if everything is Ready or Complete')
    .option('--timeout <duration>', 'how long --once may take', parseDuration, 60_000)
    .option(
      '--resync <duration>',
      `how often every object is looked at (env: MUXLET_RESYNC; default: ${DEFAULT_RESYNC})`,
      parseResync,
    )
    .option(
      '--orphan-grace <duration>',
      `how long what bears our mark and has no object is left alone (env: MUXLET_ORPHAN_GRACE; default: ${DEFAULT_ORPHAN_GRACE})`,
      parseDuration,
    )
    .option(
      '--log-format <pretty|json|journal>',
      'env: MUXLET_LOG_FORMAT; default: pretty with a terminal, journal under systemd, else json',
    )
    .option('--allow-insecure-specs', 'take specs that others can write (env: MUXLET_ALLOW_INSECURE_SPECS=1)')
    .action(async (flags: RunFlags, command: Command) => {
      deps.setExitCode(await run(settingsOf(flags, placesOf(command, deps), deps)));
    });
}

function settingsOf(flags: RunFlags, places: Places, { env, isTTY, isJournal }: CliDeps): RunSettings {
  checkSeparate(places);
  const { host, port } = flags.listen ?? parseListen(env['MUXLET_LISTEN'] || DEFAULT_LISTEN);
  return {
    ...places,
    host,
    port,
    once: flags.once ?? false,
    timeoutMs: flags.timeout,
    resyncMs: flags.resync ?? parseResync(env['MUXLET_RESYNC'] || DEFAULT_RESYNC),
    orphanGraceMs: flags.orphanGrace ?? parseDuration(env['MUXLET_ORPHAN_GRACE'] || DEFAULT_ORPHAN_GRACE),
    logFormat: logFormatOf(flags.logFormat ?? env['MUXLET_LOG_FORMAT'], isTTY.stderr, isJournal),
    allowInsecure: flags.allowInsecureSpecs ?? env['MUXLET_ALLOW_INSECURE_SPECS'] === '1',
  };
}

function logFormatOf(text: string | undefined, isTTY: boolean, isJournal: boolean): RunSettings['logFormat'] {
  if (text === undefined || text === '') return isTTY ? 'pretty' : isJournal ? 'journal' : 'json';
  if (text === 'pretty' || text === 'json' || text === 'journal') return text;
  throw new MuxletError('MUX_USAGE', `"${text}" is no format of a log`, { hint: 'one of pretty, json, journal' });
}

/** @throws MUX_USAGE */
function parseResync(text: string): number {
  const ms = parseDuration(text);
  if (ms >= LEAST_RESYNC_MS) return ms;
  throw new MuxletError('MUX_USAGE', `--resync ${text} is too short`, { hint: `${LEAST_RESYNC_MS}ms or longer` });
}

/** `127.0.0.1:9779`, `[::1]:9779`, `localhost:0`, `:9779`. @throws MUX_USAGE */
export function parseListen(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new MuxletError('MUX_USAGE', `"${text}" is no HOST:PORT`, { hint: 'write it like 127.0.0.1:9779' });
  }
  return { host: match[1] ?? (match[2] || '127.0.0.1'), port };
}
