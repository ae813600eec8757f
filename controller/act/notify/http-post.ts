import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface HttpPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Certificates that are trusted instead of the system's, in PEM. */
  readonly ca?: string;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The first 2 KiB of it. */
  readonly body: string;
}

const BODY_BYTES = 2048;
/** How it went stands before the body: who holds back the rest of it is not waited for, in milliseconds. */
const BODY_MS = 1500;

/**
 * One request on a connection of its own. Redirects are answers like others, and no proxy is asked, whatever the
 * environment says: fetch could not be given certificates, and what HTTPS_PROXY is set for is mostly the agents' business.
 *
 * @returns rejects with what node:http says if there is no answer
 */
export async function httpPost({ url, headers, body, ca, signal }: HttpPost): Promise<HttpAnswer> {
  // Whoever posts nothing need not wait for these to load.
  const { request: open } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return new Promise((resolve, reject) => {
    const request = open(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal,
      ...(ca !== undefined && { ca }),
    });
    request.once('error', reject);
    request.once('response', (response) => {
      readAnswer(response).then(resolve, reject);
    });
    request.end(body);
  });
}

/** A body that breaks off is a body: what counts was said before it. */
async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => response.destroy(), BODY_MS);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= BODY_BYTES) break;
    }
  } catch {
    // It broke off, or did not come to its end in time.
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
  const body = Buffer.concat(chunks).subarray(0, BODY_BYTES).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}
