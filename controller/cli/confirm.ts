import { MuxletError } from '../api/errors.ts';
import type { CliDeps } from './ports.ts';

/**
 * Asks a person, on a terminal.
 *
 * @throws MUX_NO_TERMINAL where there is none: nobody could answer, and none is waited for
 */
export async function confirm(
  question: string,
  { stdin, stderr, isTTY }: Pick<CliDeps, 'stdin' | 'stderr' | 'isTTY'>,
): Promise<boolean> {
  if (!isTTY.stdin) {
    throw new MuxletError('MUX_NO_TERMINAL', 'this needs a confirmation, and there is no terminal to ask on', {
      hint: 'give --yes',
    });
  }
  stderr.write(`${question} [y/N] `);
  for await (const chunk of stdin) return /^\s*y(es)?\s*$/i.test(String(chunk));
  return false;
}
