import { CommanderError } from 'commander';
import { hasCode } from '../api/errors.ts';
import type { CliDeps } from './ports.ts';
import { paintFor } from './render/colour.ts';
import { renderError } from './render/error.ts';

export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** Prints an error to stderr and makes it the outcome of the program. */
export function reportError(
  error: unknown,
  { env, stderr, isTTY, setExitCode }: Pick<CliDeps, 'env' | 'stderr' | 'isTTY' | 'setExitCode'>,
): void {
  if (error instanceof CommanderError) {
    // The parser has printed what it has to say, and help that was asked for is no error.
    setExitCode(error.exitCode === 0 ? EXIT.done : EXIT.usage);
    return;
  }
  const debug = (env['MUXLET_DEBUG'] ?? '') !== '';
  stderr.write(renderError(error, paintFor(isTTY.stderr, env), debug));
  setExitCode(hasCode(error, 'MUX_USAGE') ? EXIT.usage : EXIT.failed);
}
