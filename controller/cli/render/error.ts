import { type ErrorCode, MuxletError } from '../../api/errors.ts';
import type { Paint } from './colour.ts';

/** Errors that kubectl reports in the server's name, with the server's word for them. */
const API_REASONS: Partial<Record<ErrorCode, string>> = { MUX_NOT_FOUND: 'NotFound', MUX_CONFLICT: 'AlreadyExists' };

/** An error as a person reads it: what is wrong, and what to do about it. The stack is shown only where it is asked for. */
export function renderError(error: unknown, paint: Paint, debug: boolean): string {
  const stack = debug && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  if (!(error instanceof MuxletError)) {
    const message = error instanceof Error ? error.message : String(error);
    const hint = debug ? '' : `${paint('dim', 'hint: run it again with MUXLET_DEBUG=1 for details')}\n`;
    return `${paint('red', 'error:')} ${message.split('\n')[0]}\n${hint}${stack}`;
  }
  const reason = API_REASONS[error.code];
  const head = reason === undefined ? 'error:' : `Error from muxlet (${reason}):`;
  const hint = error.hint === undefined ? '' : `${paint('dim', 'hint:')} ${error.hint}\n`;
  return `${paint('red', head)} ${error.message}\n${hint}${stack}`;
}
