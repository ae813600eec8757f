/** So long an answer is waited for, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** The request certainly did not reach anybody. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

export type Posted =
  | { readonly type: 'Accepted' }
  /** Answered with an error, or not reached. */
  | { readonly type: 'Refused'; readonly error: string }
  | { readonly type: 'Unknown'; readonly error: string };

/** Posts JSON to a program's own server. Never throws. */
export async function postJson(url: string, body: unknown): Promise<Posted> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok ? { type: 'Accepted' } : { type: 'Refused', error: `${url} answered ${response.status}` };
  } catch (error) {
    const code = codeOf(error);
    return { type: NOT_SENT.has(code) ? 'Refused' : 'Unknown', error: `${url}: ${code}` };
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return cause instanceof Error ? cause.name : 'unknown error';
}
