import { createHmac, timingSafeEqual } from 'node:crypto';

export interface HookRequest {
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Headers that carry an HMAC-SHA256 of the body, with what stands before the digits. */
const SIGNATURES = [
  // GitHub; Gitea and Forgejo send it as well.
  ['x-hub-signature-256', 'sha256='],
  ['x-gitea-signature', ''],
  ['x-forgejo-signature', ''],
] as const;

/**
 * Whether whoever sent this knows the secret. One form that is right is enough; one that is wrong is no reason to look
 * at another. How long it takes tells nothing of the secret.
 */
export function isAuthentic({ headers, body }: HookRequest, secret: string): boolean {
  if (secret === '') return false;
  for (const [header, prefix] of SIGNATURES) {
    const given = headers[header];
    if (given === undefined) continue;
    if (typeof given !== 'string' || !given.startsWith(prefix)) return false;
    const digits = createHmac('sha256', secret).update(body).digest('hex');
    return isSame(given.slice(prefix.length).toLowerCase(), digits);
  }
  // GitLab sends the secret itself.
  const token = headers['x-gitlab-token'];
  return typeof token === 'string' && isSame(token, secret);
}

/** Of equal length by a digest, since the comparison itself needs that. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'same length').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
