import type { Delivery } from '../../api/notification.ts';
import type { GroupResult } from '../../exec/run-in-group.ts';
import { plainLine } from './plain-text.ts';
import { failed, refused, type Sending } from './sending.ts';

/** What the spec is to blame for; everything else may be a shortage of the moment. */
const OWN_FAULT = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC', 'EISDIR']);
/** sysexits(3): a wrong use, data that are no good, an unknown user… 75 asks to be tried again. */
const [FIRST_EXIT, TEMPORARY, LAST_EXIT] = [64, 75, 78];
/** Of what it printed, characters from its end: that is where programs say what went wrong. */
const SAID = 200;

type Ran = Pick<Sending, 'timeoutMs' | 'redact'>;

/** What became of a program that was to tell somebody. */
export function runOutcome(program: string, result: GroupResult, { timeoutMs, redact }: Ran): Delivery {
  const said = (output: string): string => lastOf(plainLine(redact(output)));
  switch (result.type) {
    case 'Exited': {
      const { exitCode } = result;
      if (exitCode === 0) return { type: 'Delivered' };
      const message = `${program} exited with ${exitCode}${said(result.output)}`;
      const isFinal = exitCode >= FIRST_EXIT && exitCode <= LAST_EXIT && exitCode !== TEMPORARY;
      return isFinal ? refused(message) : failed(message);
    }
    case 'Signalled':
      return failed(`${program} was ended by ${result.signal}${said(result.output)}`);
    case 'TimedOut':
      return failed(`${program} did not end within ${timeoutMs / 1000} s${said(result.output)}`);
    case 'Aborted':
      return failed(`${program} was ended before it was done`);
    case 'NotStarted': {
      const message =
        result.code === 'ENOENT' ? `there is no ${program}` : `${program} cannot be started (${result.code})`;
      return OWN_FAULT.has(result.code) ? refused(message) : failed(message);
    }
  }
}

function lastOf(text: string): string {
  if (text === '') return '';
  return text.length > SAID ? `: …${text.slice(-SAID)}` : `: ${text}`;
}
