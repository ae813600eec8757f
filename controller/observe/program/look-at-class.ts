import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { ClassLook } from '../../api/class-look.ts';
import type { AgentClassSpec } from '../../api/generated/all.ts';
import { patternOf } from '../../api/reading/pattern.ts';
import { type GroupResult, runInGroup } from '../../exec/run-in-group.ts';

export interface ClassLookOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Where the commands run, and what '~' stands for where `env` has no HOME. */
  readonly home: string;
  readonly signal: AbortSignal;
}

/** A check that asks something over the network may take so long, in milliseconds. */
const TIMEOUT_MS = 15_000;
/** So much of what a check printed last is told, in characters. */
const MAX_TOLD = 200;
const VERSION = String.raw`(\d+\.\d+\.\d+)`;

/** Looks for the program, its version and its login, side by side. The commands have neither terminal nor input. */
export async function lookAtClass(
  spec: AgentClassSpec,
  options: ClassLookOptions,
): Promise<Omit<ClassLook, 'at' | 'specHash'>> {
  const [program, version, login, filesAt] = await Promise.all([
    findProgram(spec.program ?? spec.command?.[0], options.env),
    askVersion(spec, options),
    askLogin(spec, options),
    // A class with a HOME of its own is another account: its program keeps the login there.
    newestChange(spec.auth?.files ?? [], options.env['HOME'] ?? options.home),
  ]);
  const credential = credentialOf(spec, options.env);
  return {
    program,
    version,
    login,
    ...(filesAt !== undefined && { filesAt }),
    ...(credential !== undefined && { credential }),
  };
}

/** Tells one value from another and gives none away: it is kept in the state directory. */
function credentialOf(spec: AgentClassSpec, env: ClassLookOptions['env']): string | undefined {
  const name = variableOf(spec, env);
  if (name === undefined) return undefined;
  return createHash('sha256').update(`${name}=${env[name]}`).digest('hex').slice(0, 12);
}

function variableOf({ auth }: AgentClassSpec, env: ClassLookOptions['env']): string | undefined {
  return auth?.env?.find((name) => (env[name] ?? '') !== '');
}

/** A path that is not absolute stands below each agent's own directory: nothing can be said of it here. */
async function findProgram(
  name: string | undefined,
  env: Readonly<Record<string, string>>,
): Promise<ClassLook['program']> {
  if (name === undefined || (name.includes('/') && !isAbsolute(name))) return { type: 'NotAsked' };
  const path = env['PATH'] ?? '';
  const places = isAbsolute(name) ? [name] : path.split(delimiter).map((folder) => join(folder || '.', name));
  for (const place of places) if (await isProgram(place)) return { type: 'Found', path: place };
  return { type: 'Missing', name, path };
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function askVersion({ version }: AgentClassSpec, options: ClassLookOptions): Promise<ClassLook['version']> {
  if (version === undefined) return { type: 'NotAsked' };
  const result = await run(version.command, options);
  const text = result.type === 'Exited' ? versionIn(result.output, version.pattern) : undefined;
  if (text !== undefined) return { type: 'Known', text };
  return { type: 'Unknown', message: `${version.command.join(' ')}: ${inWords(result)}` };
}

function versionIn(output: string, pattern = VERSION): string | undefined {
  try {
    return patternOf(pattern, 'mu').exec(output)?.[1];
  } catch {
    return undefined; // The pattern is told of as such.
  }
}

async function askLogin(spec: AgentClassSpec, options: ClassLookOptions): Promise<ClassLook['login']> {
  const { auth } = spec;
  const set = variableOf(spec, options.env);
  if (set !== undefined) return { type: 'Passed', message: `by ${set}` };
  if (auth?.check === undefined) {
    if (auth?.env === undefined) return { type: 'NotAsked' };
    // Without a command to ask, a variable that is not set leaves it open: the program may know another way.
    return { type: 'Unknown', message: `none of ${auth.env.join(', ')} is set` };
  }
  const result = await run(auth.check, options);
  const message = `${auth.check.join(' ')}: ${inWords(result)}`;
  if (result.type !== 'Exited') return { type: 'Unknown', message };
  return { type: result.exitCode === 0 ? 'Passed' : 'Failed', message };
}

function run(argv: readonly string[], { env, home, signal }: ClassLookOptions): Promise<GroupResult> {
  return runInGroup(argv, { cwd: home, env, timeoutMs: TIMEOUT_MS, signal });
}

function inWords(result: GroupResult): string {
  const printed = 'output' in result ? (result.output.trim().split('\n').at(-1) ?? '').slice(0, MAX_TOLD) : '';
  const told = printed === '' ? '' : ` (${printed})`;
  switch (result.type) {
    case 'Exited':
      return `exited with ${result.exitCode}${told}`;
    case 'Signalled':
      return `ended by ${result.signal}${told}`;
    case 'TimedOut':
      return `did not end within ${TIMEOUT_MS / 1000} s`;
    case 'Aborted':
      return 'was stopped';
    case 'NotStarted':
      return `could not be started (${result.code})`;
  }
}

async function newestChange(files: readonly string[], home: string): Promise<number | undefined> {
  const times = await Promise.all(files.map((file) => changedAt(file.replace(/^(~|\{\{\s*home\s*\}\})(?=\/)/, home))));
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

async function changedAt(path: string): Promise<number | undefined> {
  try {
    // As exact as it is written down: a part of a millisecond more would be a change.
    return Math.floor((await stat(path)).mtimeMs);
  } catch {
    return undefined;
  }
}
