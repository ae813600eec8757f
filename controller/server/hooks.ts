import type { IncomingMessage } from 'node:http';
import { type Answer, plain, type ServerSources } from './answer.ts';

const HOOK = /^\/hooks\/gitsource\/([a-z0-9]([a-z0-9.-]*[a-z0-9])?)\/?$/;
/** More than what a server says of a push of a few hundred commits. */
const MAX_BYTES = 4 * 1024 * 1024;

export function isHook(target: string): boolean {
  return target.startsWith('/hooks/');
}

/**
 * The answer to somebody who says that something was pushed. Of a name that nobody knows, and of a source without a
 * webhook, it says the same.
 */
export async function answerHook(request: IncomingMessage, pushed: ServerSources['pushed']): Promise<Answer> {
  const [path = ''] = (request.url ?? '').split('?', 1);
  const name = HOOK.exec(path)?.[1];
  if (name === undefined) return plain(404, 'not found\n');
  if (request.method !== 'POST') return { ...plain(405, 'method not allowed\n'), allow: 'POST' };
  const body = await readBody(request);
  if (body === undefined) return plain(413, 'too long\n');
  switch (await pushed(name, { headers: request.headers, body })) {
    case 'Accepted':
      return plain(202, 'accepted\n');
    case 'Forbidden':
      return plain(403, 'forbidden\n');
    case 'Unknown':
      return plain(404, 'not found\n');
  }
}

/** Undefined if it is too long; then the rest is not read. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
