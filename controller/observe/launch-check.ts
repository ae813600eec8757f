import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { DesiredAgent, DesiredEnv } from '../api/desired.ts';
import type { LaunchObstacle } from '../api/observed.ts';
import { checkClass } from './launch-check/check-class.ts';
import { checkProgram } from './launch-check/check-program.ts';
import { checkWorkTree } from './launch-check/check-work-tree.ts';
import type { Finding } from './launch-check/finding.ts';
import { type BoundedLooksOptions, createBoundedLooks } from './launch-check/in-time.ts';
import { createMountOf } from './launch-check/mount-of.ts';

export interface LaunchChecks {
  /** The controller's environment, for valueFrom.env and the PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** state/agents, absolute. */
  readonly agents: string;
}

export interface LaunchCheckOptions extends LaunchChecks {
  /** What else may keep them from it, below their working directories or beside them. */
  readonly further: (agents: readonly DesiredAgent[]) => Promise<LaunchObstacle[]>;
  readonly after: BoundedLooksOptions['after'];
  /** A clock that nobody can set, in milliseconds. */
  readonly now: () => number;
}

/** A directory that was there so long ago is taken to be there still, in milliseconds. */
const MOMENT_MS = 50;
/** Directories of which that is known; then all are forgotten. */
const KEPT = 1000;
/** So long a directory may take to say that it is there, in milliseconds. */
const LIMIT_MS = 5000;

/**
 * Looks for what would keep agents from being started as their specs say: tmux itself would quietly start one in another
 * directory, and a program that is not there would end at once, again and again.
 */
export function createLaunchCheck(options: LaunchCheckOptions) {
  const checkOnce = shared(checkDirectory, options.now);
  // What a touch finds out serves those who ask next.
  const { after } = options;
  const looks = createBoundedLooks({ limitMs: LIMIT_MS, after, touch: checkOnce, mountOf: createMountOf() });

  return async function findObstacles(agents: readonly DesiredAgent[]): Promise<LaunchObstacle[]> {
    const looked = agents.map((agent): Promise<LaunchObstacle[]> => {
      const { name, workingDir } = agent;
      const find = async () => {
        const [own, further] = await Promise.all([findObstacle(agent, options, checkOnce), options.further([agent])]);
        return own === undefined ? further : [own, ...further];
      };
      const message = `the working directory ${workingDir} gives no answer`;
      return looks.look(workingDir, find, () => [{ agent: name, reason: 'NotLooked', message }]);
    });
    return (await Promise.all(looked)).flat();
  };
}

async function findObstacle(
  agent: DesiredAgent,
  checks: LaunchChecks,
  check: typeof checkDirectory,
): Promise<LaunchObstacle | undefined> {
  const finding =
    (await checkWorkTree(agent)) ??
    (await check(agent.workingDir)) ??
    (await checkEnv(agent.env, checks.env)) ??
    (await checkProgram(agent, checks.env)) ??
    (await checkClass(agent, checks));
  return finding === undefined ? undefined : { agent: agent.name, ...finding };
}

/**
 * Agents that come up together share a directory, as a rule: a question that is under way serves all who ask it, and that
 * nothing is wrong, whoever asks within a moment of the answer. `ask` never rejects.
 */
function shared(ask: (path: string) => Promise<Finding | undefined>, now: () => number): typeof ask {
  const asked = new Map<string, Shared>();
  return (path) => {
    const before = asked.get(path);
    if (before !== undefined && now() <= before.until) return before.answer;
    if (asked.size >= KEPT) asked.clear();
    const one: Shared = {
      until: Number.POSITIVE_INFINITY,
      answer: ask(path).then((found) => {
        one.until = found === undefined ? now() + MOMENT_MS : Number.NEGATIVE_INFINITY;
        return found;
      }),
    };
    asked.set(path, one);
    return one.answer;
  };
}

interface Shared {
  readonly answer: Promise<Finding | undefined>;
  /** Whoever asks until then is given it. */
  until: number;
}

async function checkDirectory(path: string): Promise<Finding | undefined> {
  try {
    // One question for two, while somebody waits for the agent: only a directory that may be entered has this in it. Whether it
    // may be accessed the kernel says of a dead mount as well (FUSE).
    await stat(`${path}/.`);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTDIR') return { reason: 'WorkingDirNotADirectory', message: `${path} is no directory` };
    return code === 'ENOENT'
      ? { reason: 'WorkingDirMissing', message: `the working directory ${path} does not exist` }
      : { reason: 'WorkingDirUnreadable', message: `the working directory ${path} cannot be entered (${code})` };
  }
}

async function checkEnv(
  variables: readonly DesiredEnv[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Finding | undefined> {
  for (const variable of variables) {
    if ('fromEnv' in variable && env[variable.fromEnv] === undefined) {
      const message = `${variable.name}: the controller's environment has no variable ${variable.fromEnv}`;
      return { reason: 'EnvVariableMissing', message };
    }
    if ('fromFile' in variable) {
      const finding = await checkFile(variable.name, variable.fromFile);
      if (finding !== undefined) return finding;
    }
  }
  return undefined;
}

async function checkFile(name: string, path: string): Promise<Finding | undefined> {
  try {
    await access(path, constants.R_OK);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT'
      ? { reason: 'EnvFileMissing', message: `${name}: the file ${path} does not exist` }
      : { reason: 'EnvFileUnreadable', message: `${name}: the file ${path} cannot be read (${code})` };
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
