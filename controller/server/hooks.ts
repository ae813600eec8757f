import type { IncomingMessage } from 'node:http';
import { type Answer, plain, type ServerSources } from './answer.ts';

const HOOK = /^\/hooks\/gitsource\/([a-z0-9]([a-z0-9.-]*[a-z0-9])?)\/?$/;
/** More than what a server says of a push of a few hundred commits. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Bodies that are read at the same time. */
const AT_ONCE = 8;
/** Headers that sign the body. */
const SIGNATURES = ['x-hub-signature-256', 'x-gitea-signature', 'x-forgejo-signature'];

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
  const body = isSigned(request) ? await readInTurn(request) : Buffer.alloc(0);
  if (body === 'TooLong') return plain(413, 'too long\n');
  if (body === 'Busy') return plain(503, 'too many at once\n');
  switch (await pushed(name, { headers: request.headers, body })) {
    case 'Accepted':
      return plain(202, 'accepted\n');
    case 'Forbidden':
      return plain(403, 'forbidden\n');
    case 'Unknown':
      return plain(404, 'not found\n');
  }
}

/** A body says who sent it only by its signature: without one nobody's is read. */
function isSigned({ headers }: IncomingMessage): boolean {
  return SIGNATURES.some((name) => /^(?:sha256=)?[0-9a-f]{64}$/i.test(String(headers[name])));
}

let reading = 0;

/** Whoever sends it is not known yet: a few bodies at a time are held, and no more. */
async function readInTurn(request: IncomingMessage): Promise<Buffer | 'TooLong' | 'Busy'> {
  if (reading >= AT_ONCE) return 'Busy';
  reading += 1;
  try {
    return (await readBody(request)) ?? 'TooLong';
  } finally {
    reading -= 1;
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
