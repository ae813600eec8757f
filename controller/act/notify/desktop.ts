import type { Delivery } from '../../api/notification.ts';
import type { Severity } from '../../api/severity.ts';
import { runInGroup } from '../../exec/run-in-group.ts';
import { plainLine, plainText, shorten } from './plain-text.ts';
import { runOutcome } from './run-outcome.ts';
import { refused, type Sending } from './sending.ts';

const URGENCY: Readonly<Record<Severity, string>> = { info: 'low', warning: 'normal', critical: 'critical' };
const TITLE = 150;
/** More is not shown on any desktop. */
const BODY_LINES = 8;
const BODY = 600;

/** A notification on the screen of the user that the controller runs as. */
export async function showOnDesktop(sending: Sending): Promise<Delivery> {
  const { notification, platform, env, signal, timeoutMs } = sending;
  const title = shorten(plainLine(notification.title), TITLE);
  const body = shorten(plainText(notification.text).trim().split('\n').slice(0, BODY_LINES).join('\n'), BODY);
  const argv = argvOf(platform, { title, body, urgency: URGENCY[notification.severity] });
  if (argv === undefined) return refused(`there are no desktop notifications on ${platform}`);
  const result = await runInGroup(argv, { cwd: '/', env, timeoutMs, signal });
  return runOutcome(argv[0] ?? '', result, sending);
}

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly urgency: string;
}

function argvOf(platform: NodeJS.Platform, { title, body, urgency }: Shown): readonly string[] | undefined {
  switch (platform) {
    case 'darwin':
      // A title that began with a hyphen would be an option.
      return ['osascript', ...APPLE_SCRIPT.flatMap((line) => ['-e', line]), `muxlet: ${title}`, body];
    case 'linux':
    case 'freebsd':
    case 'openbsd':
      return ['notify-send', '--app-name=muxlet', `--urgency=${urgency}`, '--', title, markupOf(body)];
    case 'aix':
    case 'android':
    case 'haiku':
    case 'sunos':
    case 'win32':
    case 'cygwin':
    case 'netbsd':
      return undefined;
  }
}

/** Data are its arguments: nothing is written into the script. */
const APPLE_SCRIPT = ['on run argv', 'display notification (item 2 of argv) with title (item 1 of argv)', 'end run'];

/** The body, unlike the title, is a little HTML, and notify-send reads backslashes in it as C does. */
function markupOf(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\\', '\\\\');
}
