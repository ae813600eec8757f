import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DesiredAgent } from '../../api/desired.ts';
import type { Finding } from './finding.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Whether the agent's program is on the PATH that it will be given. A class without a command, as `shell`, runs whatever
 * it is told, and says by the exit code that there is no such thing.
 */
export async function checkProgram(agent: DesiredAgent, env: Env): Promise<Finding | undefined> {
  const program = programOf(agent);
  if (program === undefined) return undefined;
  const path = pathOf(agent, env);
  const folders = path.split(':').map((folder) => resolve(agent.workingDir, folder));
  const places = program.includes('/')
    ? [resolve(agent.workingDir, program)]
    : folders.map((folder) => `${folder}/${program}`);
  for (const place of places) if (await isExecutable(place)) return undefined;
  const where = program.includes('/') ? 'there is no such program' : `it is not on the PATH ${path}`;
  return { reason: 'ProgramMissing', message: `the program ${program} cannot be run: ${where}` };
}

function programOf({ program, argv }: DesiredAgent): string | undefined {
  if (program.command === undefined && program.program === undefined) return undefined;
  const isOwn = program.command === undefined || program.command.join('\0') !== argv.join('\0');
  return isOwn ? argv[0] : (program.program ?? argv[0]);
}

/** The PATH that an agent is given, where its spec says it outright or not at all. */
export function pathOf({ env: own }: Pick<DesiredAgent, 'env'>, env: Env): string {
  const variable = own.find(({ name }) => name === 'PATH');
  if (variable !== undefined && 'value' in variable) return variable.value;
  return env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
