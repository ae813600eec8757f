import { join } from 'node:path';
import { MuxletError } from '../api/errors.ts';
import { examine, preflight } from '../cli/doctor/checks.ts';
import { gatherFacts } from '../cli/doctor/gather-facts.ts';
import type { CliDeps, Places } from '../cli/ports.ts';
import { runCommand } from '../exec/run-command.ts';
import { probeSocket, socketDirectory } from '../tmux/socket.ts';
import { featuresOf, OLDEST_SUPPORTED, parseVersion, type TmuxFeatures } from '../tmux/version.ts';

/** What is put right while the controller runs does not keep it from starting: it tells of it as a Problem. */
const TOLD_WHILE_RUNNING = new Set(['specs']);
/** Lacking these, not even sessions that run already can be looked after. */
const NEEDED_BY_ALL = new Set(['node', 'tmux', 'flock', 'state', 'tmux sockets']);

/**
 * Looks at the machine before anything is made. Where our tmux server runs already, agents are waiting for whoever
 * looks after them: then a lack that only new ones would feel (a full disk, no git) keeps nobody from starting.
 *
 * @throws MuxletError MUX_PREFLIGHT that names everything that is missing
 */
export async function checkMachine(places: Places, deps: CliDeps): Promise<void> {
  const findings = examine(await gatherFacts(places, deps));
  const socket = await probeSocket(join(socketDirectory(deps.env, process.getuid?.() ?? 0), places.socket));
  const takesOver = socket.type === 'Alive';
  preflight(findings.filter(({ check }) => !TOLD_WHILE_RUNNING.has(check) && (!takesOver || NEEDED_BY_ALL.has(check))));
}

export interface TmuxFacts {
  readonly version: string;
  readonly features: TmuxFeatures;
}

/** @throws MuxletError MUX_TMUX_MISSING if there is no tmux, or one that is too old. */
export async function findTmux(env: Readonly<Record<string, string | undefined>>): Promise<TmuxFacts> {
  const result = await runCommand('tmux', ['-V'], { timeoutMs: 5000, env });
  const version = result.ok ? parseVersion(result.stdout) : undefined;
  const hint = "install it ('apt-get install tmux', 'brew install tmux'); 'muxlet doctor' shows all that is needed";
  if (version === undefined) throw new MuxletError('MUX_TMUX_MISSING', 'tmux was not found', { hint });
  const features = featuresOf(version);
  if (features.supported) return { version: version.text, features };
  throw new MuxletError('MUX_TMUX_MISSING', `${version.text} is too old: ${OLDEST_SUPPORTED} is needed`, { hint });
}
