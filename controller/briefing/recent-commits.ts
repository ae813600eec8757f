import { runCommand } from '../exec/run-command.ts';

const COUNT = 10;
const TIMEOUT_MS = 2000;

/**
 * The latest commits at a directory, a line each; none where there is no repository, or git does not answer in time.
 * Takes no lock, writes no index, and starts nothing that the repository's own settings name.
 */
export async function recentCommits(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const settings = ['-c', 'core.fsmonitor=false', '-c', 'log.showSignature=false', '--no-optional-locks', '--no-pager'];
  const args = [...settings, 'log', '--oneline', '--no-decorate', '--no-color', `--max-count=${COUNT}`];
  const result = await runCommand('git', args, {
    cwd: directory,
    timeoutMs: TIMEOUT_MS,
    // Where the controller was started from a hook of git's, these would name another repository.
    env: { ...withoutGit(env), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
  });
  return result.ok ? result.stdout.split('\n').filter((line) => line !== '') : [];
}

function withoutGit(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('GIT_'),
  );
  return Object.fromEntries(kept);
}
