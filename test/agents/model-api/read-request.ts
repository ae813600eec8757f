import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import type { AuthKind } from './request-record.ts';

export interface ReadRequest {
  /** Empty if the path has none. */
  readonly label: string;
  /** Below the label. */
  readonly url: URL;
  /** Undefined if it is no JSON. */
  readonly body: unknown;
  readonly auth: AuthKind;
}

const LABELLED = /^\/p\/([^/]+)(\/.*)?$/;

export async function readRequest(request: IncomingMessage): Promise<ReadRequest> {
  const whole = new URL(request.url ?? '/', 'http://model-api');
  const [, label = '', below = '/'] = LABELLED.exec(whole.pathname) ?? [undefined, undefined, whole.pathname];
  const url = new URL(`${below}${whole.search}`, whole);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = await unpack(Buffer.concat(chunks), request.headers['content-encoding']);
  return { label, url, body: jsonOf(bytes), auth: authOf(request.headers, url) };
}

async function unpack(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === 'gzip') return promisify(gunzip)(bytes);
  return encoding === 'br' ? promisify(brotliDecompress)(bytes) : bytes;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function authOf(headers: IncomingHttpHeaders, url: URL): AuthKind {
  if (headers['x-api-key'] !== undefined) return 'x-api-key';
  if (headers['x-goog-api-key'] !== undefined) return 'x-goog-api-key';
  if (headers.authorization !== undefined) return 'authorization';
  return url.searchParams.has('key') ? 'query' : 'none';
}
