const TIMEOUT_MS = 1000;
const MAX_BYTES = 1024 * 1024;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * What a program's own server answers; undefined if it does not, in a second, with JSON. Nothing but this machine is
 * asked, and no redirection is followed from it.
 */
export async function askJson(url: string): Promise<unknown> {
  if (!isLoopback(url)) return undefined;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } });
    if (!answer.ok || Number(answer.headers.get('content-length') ?? 0) > MAX_BYTES) {
      await answer.body?.cancel();
      return undefined;
    }
    return JSON.parse(await limited(answer)) as unknown;
  } catch {
    return undefined;
  }
}

function isLoopback(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === 'http:' && LOOPBACK.has(parsed.hostname);
}

/** An answer need not say how long it is. */
async function limited(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
