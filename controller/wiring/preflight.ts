import { MuxletError } from '../api/errors.ts';
import { runCommand } from '../exec/run-command.ts';
import { featuresOf, OLDEST_SUPPORTED, parseVersion, type TmuxFeatures } from '../tmux/version.ts';

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
