import { readFile } from 'node:fs/promises';
import type { WebhookReceiver } from '../../api/generated/all.ts';
import type { Delivery } from '../../api/notification.ts';
import { FORMS } from './forms/forms.ts';
import { type HttpAnswer, httpPost } from './http-post.ts';
import { retryAfterMs } from './retry-after.ts';
import { errorText, failed, refused, type Sending } from './sending.ts';

/** Temporary by what they mean; and who may not post today may be let in again tomorrow. */
const TEMPORARY = new Set([401, 403, 407, 408, 421, 423, 425, 429]);
/** A part of an address that is shorter is a word rather than a key. */
const SHORTEST_KEY = 8;
/** These say how the request itself is made. */
const OURS = new Set(['content-length', 'transfer-encoding', 'connection', 'expect', 'upgrade']);

/** One POST of JSON. */
export async function postWebhook(receiver: WebhookReceiver, sending: Sending): Promise<Delivery> {
  const { form = 'Generic', url, headers = [] } = receiver;
  const text = url.valueFrom === undefined ? (url.value ?? '') : await sending.secret('url', url.valueFrom);
  const address = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (address?.protocol !== 'https:' && address?.protocol !== 'http:')
    return refused('url is no http or https address');
  hideKeys(address, sending);
  const own: readonly (readonly [string, string])[] = await Promise.all(
    headers.map(async ({ name, value = '', valueFrom }) => {
      if (valueFrom === undefined) return [name.toLowerCase(), value];
      const secret = (await sending.secret(name, valueFrom)).trim();
      // `Bearer KEY`: the key alone is one as well.
      hideAll(secret.split(/\s+/), sending);
      return [name.toLowerCase(), secret];
    }),
  );
  const ca = receiver.ca === undefined ? undefined : await readFile(sending.path(receiver.ca), 'utf8');
  const post = FORMS[form](sending.notification, address);
  try {
    const answer = await httpPost({
      url: post.url,
      headers: {
        accept: '*/*',
        'user-agent': 'muxlet',
        ...post.headers,
        ...Object.fromEntries(own.filter(([name]) => !OURS.has(name))),
        'content-type': 'application/json',
      },
      body: JSON.stringify(post.body),
      ...(ca !== undefined && { ca }),
      signal: sending.signal,
    });
    return outcome(answer, address.host, (post.patience ?? askedMs)(answer, sending.now()));
  } catch (error) {
    return failed(`${address.host}: ${errorText(error)}${proxyHint(address, sending.env)}`);
  }
}

function askedMs({ headers }: HttpAnswer, now: number): number | undefined {
  return retryAfterMs(headers['retry-after'], now);
}

function outcome({ status, body }: HttpAnswer, host: string, patienceMs: number | undefined): Delivery {
  if (status >= 200 && status < 300) return { type: 'Delivered' };
  const message = `${host} answered ${status}${body.trim() === '' ? '' : `: ${body}`}`;
  if (status >= 300 && status < 400) return refused(`${host} answered ${status}: redirects are not followed`);
  if (status >= 500 || TEMPORARY.has(status)) return failed(message, patienceMs);
  return refused(message);
}

/** With Slack and Discord, who knows the path may post. Of an address only the host is shown. */
function hideKeys(address: URL, sending: Sending): void {
  const { hide } = sending;
  const { href, username, password, pathname, searchParams } = address;
  hide(href);
  const parts = [username, password, ...pathname.split('/'), ...searchParams.values()];
  hideAll(parts, sending);
  hide(password);
  hide(`${username}:${password}`);
}

function hideAll(parts: readonly string[], { hide }: Sending): void {
  for (const part of parts) if (part.length >= SHORTEST_KEY) hide(part);
}

function proxyHint({ protocol }: URL, env: Readonly<Record<string, string>>): string {
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const isSet = [name, name.toLowerCase(), 'ALL_PROXY', 'all_proxy'].some((variable) => Boolean(env[variable]));
  return isSet ? ' (proxies of the environment are not used)' : '';
}
