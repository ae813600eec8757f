import type { DesiredEnv } from '../../api/desired.ts';
import type { CommandReceiver, EnvVar } from '../../api/generated/all.ts';
import type { Delivery, Notification } from '../../api/notification.ts';
import { runInGroup } from '../../exec/run-in-group.ts';
import { notificationObject } from './notification-object.ts';
import { plainLine, plainText, shorten } from './plain-text.ts';
import { runOutcome } from './run-outcome.ts';
import type { Sending } from './sending.ts';

/** What takes too long is asked to end (TERM), and killed with all that it started after so long, in milliseconds. */
export const GRACE_MS = 2000;
/** A system takes no variable that is longer than 128 KiB, and all of them together are counted as well. */
const TEXT = 16_384;

/** Any program: the notification is its input as JSON, and the main fields are variables. */
export async function runCommandReceiver({ argv, env = [] }: CommandReceiver, sending: Sending): Promise<Delivery> {
  const { notification, timeoutMs, signal, folder } = sending;
  const variables = await sending.variables(env.map((variable) => desired(variable, sending.path)));
  const result = await runInGroup(argv, {
    cwd: folder,
    env: { ...sending.env, ...variables, ...fields(notification) },
    input: `${JSON.stringify(notificationObject(notification))}\n`,
    timeoutMs,
    signal,
    graceMs: GRACE_MS,
  });
  return runOutcome(argv[0] ?? '', result, sending);
}

function desired({ name, value = '', valueFrom }: EnvVar, path: (from: string) => string): DesiredEnv {
  if (valueFrom?.file !== undefined) return { name, fromFile: path(valueFrom.file) };
  return valueFrom?.env === undefined ? { name, value } : { name, fromEnv: valueFrom.env };
}

/** What a script needs that does not read JSON; those of one item are there if there is but one. */
function fields({ id, alert, severity, title, text, items, more }: Notification): Readonly<Record<string, string>> {
  const [only] = items.length === 1 && more === 0 ? items : [];
  return {
    MUXLET_NOTIFICATION_ID: id,
    MUXLET_ALERT: alert,
    MUXLET_SEVERITY: severity,
    MUXLET_TITLE: plainLine(title),
    MUXLET_TEXT: shorten(plainText(text), TEXT),
    MUXLET_ITEMS: String(items.length + more),
    ...(only !== undefined && {
      MUXLET_KIND: only.kind,
      MUXLET_NAME: only.name,
      MUXLET_PROJECT: only.project ?? '',
      MUXLET_REASON: only.reason,
    }),
  };
}
