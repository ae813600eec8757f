/**
 * The hands that tell people: by mail, webhook, on the desktop, by a command. One try at a time; when to try, and what to
 * say, is decided elsewhere. Nothing here is told what a secret is but for the time of one try, and no secret leaves it in
 * what is said of the try.
 */
import { setMaxListeners } from 'node:events';
import type { DesiredEnv } from '../../api/desired.ts';
import type { AlertReceiver, ReceiverSecret } from '../../api/generated/all.ts';
import { intervalMs } from '../../api/interval.ts';
import type { Addressee, Delivery, Notification, Notifier } from '../../api/notification.ts';
import { absolute } from '../../api/spec-path.ts';
import { GRACE_MS, runCommandReceiver } from './command.ts';
import { showOnDesktop } from './desktop.ts';
import { sendMail } from './mail.ts';
import { plainLine, shorten } from './plain-text.ts';
import { createRedactor } from './redactor.ts';
import { errorText, failed, refused, type Sending } from './sending.ts';
import { postWebhook } from './webhook.ts';

export interface NotifierOptions {
  /** @returns throws MuxletError MUX_SECRET_UNREADABLE */
  readonly resolve: (env: readonly DesiredEnv[]) => Promise<Readonly<Record<string, string>>>;
  /** The controller's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; `~` in the paths of specs. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly now: () => number;
}

const TIMEOUT_MS = 30_000;
/** What a spec asks for beyond that is as good as for ever; a timer of 25 days would be over at once. */
const LONGEST_MS = 7 * 24 * 3_600_000;
const MESSAGE = 400;

export function createNotifier({ resolve, home, platform, now, ...options }: NotifierOptions): Notifier {
  const env = Object.fromEntries(Object.entries(options.env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));

  function sendingOf({ receiver, folder }: Addressee, notification: Notification, signal: AbortSignal): Sending {
    const { add, redact } = createRedactor();
    const path = (from: string): string => absolute(from, { folder, home });

    async function variables(wanted: readonly DesiredEnv[]): Promise<Readonly<Record<string, string>>> {
      const values = await resolve(wanted);
      for (const one of wanted) if (!('value' in one)) add(values[one.name] ?? '');
      return values;
    }

    async function secret(name: string, { file, env: variable }: ReceiverSecret): Promise<string> {
      const source = file === undefined ? { name, fromEnv: variable ?? '' } : { name, fromFile: path(file) };
      return (await variables([source]))[name] ?? '';
    }

    const timeoutMs = receiver.timeout === undefined ? TIMEOUT_MS : Math.min(intervalMs(receiver.timeout), LONGEST_MS);
    return {
      notification,
      timeoutMs,
      signal,
      env,
      folder,
      platform,
      now,
      path,
      variables,
      secret,
      hide: add,
      redact,
    };
  }

  return {
    deliver(to, notification, signal) {
      // All receivers of an Alert are told under one signal, and each try takes its listener away again.
      setMaxListeners(0, signal);
      const stop = new AbortController();
      const sending = sendingOf(to, notification, stop.signal);
      // A command has a time of its own to end in.
      const limitMs = sending.timeoutMs + (to.receiver.command === undefined ? 0 : GRACE_MS + 1000);
      return new Promise((settle) => {
        const end = (delivery: Delivery): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          settle(presentable(delivery, sending.redact));
          stop.abort();
        };
        const timer = setTimeout(() => {
          end(failed(`no answer within ${sending.timeoutMs / 1000} s`));
        }, limitMs);
        const onAbort = (): void => {
          end(failed('given up before it was answered'));
        };
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) onAbort();
        else send(to.receiver, sending).then(end, (error: unknown) => end(failed(errorText(error))));
      });
    },
  };
}

function send({ mail, webhook, desktop, command }: AlertReceiver, sending: Sending): Promise<Delivery> {
  if (mail !== undefined) return sendMail(mail, sending);
  if (webhook !== undefined) return postWebhook(webhook, sending);
  if (desktop !== undefined) return showOnDesktop(sending);
  if (command !== undefined) return runCommandReceiver(command, sending);
  return Promise.resolve(refused('it says no way to be told'));
}

/** In one line, without secrets. */
function presentable(delivery: Delivery, redact: (text: string) => string): Delivery {
  const say = (text: string): string => shorten(plainLine(redact(text)), MESSAGE);
  switch (delivery.type) {
    case 'Delivered':
      return delivery.note === undefined ? delivery : { ...delivery, note: say(delivery.note) };
    case 'Failed':
      return { ...delivery, message: say(delivery.message) };
  }
}
