import { MuxletError } from '../../api/errors.ts';
import type { Paint } from './colour.ts';

/** An error as a person reads it: what is wrong, and what to do about it. The stack is shown only where it is asked for. */
export function renderError(error: unknown, paint: Paint, debug: boolean): string {
  const stack = debug && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  if (!(error instanceof MuxletError)) {
    const message = error instanceof Error ? error.message : String(error);
    const hint = debug ? '' : `${paint('dim', 'hint: run it again with MUXLET_DEBUG=1 for details')}\n`;
    return `${paint('red', 'error:')} ${message.split('\n')[0]}\n${hint}${stack}`;
  }
  // kubectl says so in the server's name.
  const head = error.code === 'MUX_NOT_FOUND' ? 'Error from muxlet (NotFound):' : 'error:';
  const hint = error.hint === undefined ? '' : `${paint('dim', 'hint:')} ${error.hint}\n`;
  return `${paint('red', head)} ${error.message}\n${hint}${stack}`;
}
