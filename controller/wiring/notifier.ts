import { homedir } from 'node:os';
import { createNotifier } from '../act/notify/notifier.ts';
import type { Notifier } from '../api/notification.ts';
import { systemClock } from '../exec/clock.ts';
import { createSecrets, type Secrets } from '../observe/secrets.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Tells one receiver, by mail, webhook, on the desktop or by a command. */
export function assembleNotifier(env: Env, secrets: Pick<Secrets, 'resolve'> = createSecrets(env)): Notifier {
  return createNotifier({
    resolve: secrets.resolve,
    env,
    home: env['HOME'] ?? homedir(),
    platform: process.platform,
    now: systemClock.now,
  });
}
