/** What a version of tmux can do. Facts from tmux's CHANGES and from builds that were tried. */
export interface TmuxVersion {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
}

export const OLDEST_SUPPORTED = '3.0a';

/** Reads 'tmux 3.3a', 'tmux next-3.6', 'tmux 3.4-rc2', 'tmux openbsd-7.4' (taken for new); undefined for other text. */
export function parseVersion(text: string): TmuxVersion | undefined {
  const match = /tmux (?:next-)?(\d+)\.(\d+)/.exec(text);
  if (match !== null) return { text: text.trim(), major: Number(match[1]), minor: Number(match[2]) };
  return /tmux (?:openbsd|master)/.test(text) ? { text: text.trim(), major: 99, minor: 0 } : undefined;
}

function atLeast(version: TmuxVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}

export interface TmuxFeatures {
  readonly supported: boolean;
  /** new-session -e came with 3.2; before, the first window is made empty and respawned with its environment. */
  readonly sessionEnvironment: boolean;
  /** attach-session -f came with 3.2. */
  readonly clientFlags: boolean;
  /** pane_dead_signal came with 3.3; before, an end by a signal shows neither code nor signal. */
  readonly deadSignal: boolean;
}

export function featuresOf(version: TmuxVersion): TmuxFeatures {
  return {
    supported: atLeast(version, 3, 0),
    sessionEnvironment: atLeast(version, 3, 2),
    clientFlags: atLeast(version, 3, 2),
    deadSignal: atLeast(version, 3, 3),
  };
}
