import type { Check, Finding } from './facts.ts';

const NODE_FLOOR = [20, 19] as const;
const TMUX_FLOOR = [3, 0] as const;
/** The first whose list of work trees can be read whatever their names (git-worktree(1): `list --porcelain -z`). */
const GIT_FLOOR = [2, 36] as const;

/** How to install what is missing, by platform. */
function installWith(platform: string, apt: string, brew = apt): string {
  return platform === 'darwin' ? `brew install ${brew}` : `apt-get install ${apt} (or your system's like)`;
}

export const checkNode: Check = ({ node }) => {
  const ok = isAtLeast(versionOf(node), NODE_FLOOR);
  const floor = NODE_FLOOR.join('.');
  return ok
    ? [{ check: 'node', result: 'OK', message: node }]
    : [
        {
          check: 'node',
          result: 'FAIL',
          message: `${node} is older than ${floor}`,
          remedy: `install Node ${floor} or later`,
        },
      ];
};

export const checkTmux: Check = ({ tmux, platform }) => {
  const remedy = installWith(platform, 'tmux');
  if (tmux.version === undefined) return [{ check: 'tmux', result: 'FAIL', message: 'not installed', remedy }];
  const version = versionOf(tmux.version);
  // 'tmux master' and 'tmux openbsd-7.5' bear no number of their own and are newer than any that is too old.
  if (version !== undefined && !isAtLeast(version, TMUX_FLOOR)) {
    return [{ check: 'tmux', result: 'FAIL', message: `${tmux.version} is older than 3.0a`, remedy }];
  }
  return [{ check: 'tmux', result: 'OK', message: tmux.version }, ...knownBugs(version)];
};

/**
 * Bugs that were measured on builds of these versions. muxlet works around all of them; they are told so that a person
 * who uses the same server by hand knows.
 */
function knownBugs(version: Version | undefined): readonly Finding[] {
  if (version === undefined) return [];
  const bugs = [
    !isAtLeast(version, [3, 4]) && 'pasting into a dead pane ends the server (fixed in 3.4)',
    !isAtLeast(version, [3, 6]) && "an agent's exit status can be lost (fixed in 3.6)",
  ].filter((bug) => bug !== false);
  return bugs.map((message) => ({ check: 'tmux bugs', result: 'INFO', message: `worked around: ${message}` }));
}

export const checkGit: Check = ({ git, platform }) => {
  const remedy = installWith(platform, 'git');
  if (git.version === undefined) return [{ check: 'git', result: 'FAIL', message: 'not installed', remedy }];
  if (!isAtLeast(versionOf(git.version), GIT_FLOOR)) {
    const message = `${git.version} is older than ${GIT_FLOOR.join('.')}: projects with work trees cannot run`;
    return [{ check: 'git', result: 'WARN', message, remedy }];
  }
  return [{ check: 'git', result: 'OK', message: git.version }];
};

export const checkFlock: Check = ({ flock, platform }) =>
  flock.version === undefined
    ? [
        {
          check: 'flock',
          result: 'FAIL',
          message: 'not installed, so that nothing can be locked',
          remedy: installWith(platform, 'util-linux', 'flock'),
        },
      ]
    : [{ check: 'flock', result: 'OK', message: flock.version }];

type Version = readonly [number, number];

function versionOf(text: string): Version | undefined {
  const found = /(\d+)\.(\d+)/.exec(text.replace(/openbsd-\S+/, ''));
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}

function isAtLeast(version: Version | undefined, [major, minor]: Version): boolean {
  if (version === undefined) return false;
  return version[0] > major || (version[0] === major && version[1] >= minor);
}
