import { readFile, stat } from 'node:fs/promises';
import type { DesiredEnv } from '../api/desired.ts';
import { MuxletError } from '../api/errors.ts';

export interface Secrets {
  /**
   * The values of an agent's variables, for the moment of its start.
   * @throws MuxletError MUX_SECRET_UNREADABLE naming the variable and the file or variable it comes from.
   */
  resolve(env: readonly DesiredEnv[]): Promise<Readonly<Record<string, string>>>;
  /** Replaces the values of all variables that come from elsewhere, wherever they stand in what was printed. */
  redact(env: readonly DesiredEnv[], lines: readonly string[]): Promise<readonly string[]>;
}

const REDACTED = '[redacted]';
/** Shorter values would take ordinary words and digits out of the text. */
const SHORTEST = 4;
/** A class may hand such variables of ours on (spec.inherit): nobody said that they are secret, but their names do. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL/i;
const SHORTEST_BY_NAME = 8;
/** Of a secret in a file: no variable can be longer. */
const MAX_BYTES = 128 * 1024;

export function createSecrets(env: Readonly<Record<string, string | undefined>>): Secrets {
  /** Values that agents were started with; a file may have changed since. */
  const seen = new Set<string>();
  for (const [name, value = ''] of Object.entries(env)) {
    if (SECRET_NAME.test(name) && value.length >= SHORTEST_BY_NAME && !value.startsWith('/')) seen.add(value);
  }

  async function valueOf(variable: DesiredEnv): Promise<string> {
    if ('value' in variable) return variable.value;
    if ('template' in variable) return variable.template;
    const value = 'fromEnv' in variable ? fromEnv(variable) : await fromFile(variable);
    // A key of several lines is printed line by line.
    for (const line of value.split('\n').map((text) => text.trim())) if (line.length >= SHORTEST) seen.add(line);
    return value;
  }

  function fromEnv({ name, fromEnv: source }: DesiredEnv & { readonly fromEnv: string }): string {
    const value = env[source];
    if (value !== undefined) return value;
    throw new MuxletError('MUX_SECRET_UNREADABLE', `${name}: the controller's environment has no variable ${source}`);
  }

  return {
    async resolve(variables) {
      const entries = await Promise.all(variables.map(async (entry) => [entry.name, await valueOf(entry)] as const));
      return Object.fromEntries(entries);
    },
    async redact(variables, lines) {
      // Values are read again: after a restart of the controller nothing is remembered.
      await Promise.allSettled(variables.map(valueOf));
      if (seen.size === 0) return lines;
      // A value may begin with another one: what would then be left of it is part of a secret as well.
      const values = [...seen].sort((a, b) => b.length - a.length);
      return lines.map((line) => values.reduce((text, value) => text.replaceAll(value, REDACTED), line));
    },
  };
}

async function fromFile({ name, fromFile: path }: DesiredEnv & { readonly fromFile: string }): Promise<string> {
  const unreadable = (why: string): MuxletError =>
    new MuxletError('MUX_SECRET_UNREADABLE', `${name}: the file ${path} ${why}`);
  try {
    // A pipe that nobody writes to, or what has no end, would hold up more than this agent.
    const found = await stat(path);
    if (!found.isFile()) throw unreadable('is no regular file');
    if (found.size > MAX_BYTES) throw unreadable(`is longer than ${MAX_BYTES / 1024} KiB`);
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof MuxletError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw unreadable(`cannot be read (${code})`);
  }
}
