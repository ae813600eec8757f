/**
 * The HTTP server: metrics and health, in plain text, to GET and HEAD alone, and the door for those who say that something
 * was pushed. It changes nothing and holds nothing; what it says, it asks of others.
 */
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { MuxletError } from '../api/errors.ts';
import { answer, plain, type ServerSources } from './answer.ts';
import { answerHook, isHook } from './hooks.ts';

export type { ServerSources } from './answer.ts';

export interface Server {
  /**
   * Listens; port 0 is any that is free. Rejects with MUX_PREFLIGHT if the address cannot be had: taken, not one of
   * this machine, or not allowed to this user.
   */
  listen(host: string, port: number): Promise<{ readonly address: string; readonly port: number }>;
  /** Ends all connections at once, idle or not; resolves when none is left. */
  close(): Promise<void>;
}

export function createServer(sources: ServerSources): Server {
  const http = createHttpServer(
    // A scraper keeps its connection for the next scrape; who opens one and says nothing has 10 s.
    { headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 75_000, connectionsCheckingInterval: 5_000 },
    (request, response) => void respond(request, response, sources),
  );
  http.maxConnections = 256;
  return {
    listen: (host, port) => listen(http, host, port),
    close: () => close(http),
  };
}

/** Never rejects: a failure of a source is an answer of 500, which says no more than that. */
async function respond(request: IncomingMessage, response: ServerResponse, sources: ServerSources): Promise<void> {
  const { method = '', url: target = '', headers } = request;
  const found = isHook(target)
    ? answerHook(request, sources.pushed)
    : answer({ method, target, accept: headers.accept ?? '' }, sources);
  const { status, contentType, text, allow } = await found.catch(() => plain(500, 'internal error\n'));
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    vary: 'accept',
    'x-content-type-options': 'nosniff',
    ...(allow !== undefined && { allow }),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

function listen(http: HttpServer, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(bindError(error, host, port));
    http.once('error', fail);
    http.listen({ host, port }, () => {
      http.off('error', fail);
      // Without a listener, a connection that cannot be accepted (no file descriptor left) would end the controller.
      http.on('error', () => {});
      resolve(http.address() as AddressInfo);
    });
  });
}

function bindError(cause: NodeJS.ErrnoException, host: string, port: number): MuxletError {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const choose = 'choose another with --listen HOST:PORT (port 0: any that is free)';
  switch (cause.code ?? '') {
    case 'EADDRINUSE':
      return new MuxletError('MUX_PREFLIGHT', `another program listens on ${place} already`, { hint: choose, cause });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new MuxletError('MUX_PREFLIGHT', `${host} is no address of this machine`, { hint: choose, cause });
    case 'EACCES':
      return new MuxletError('MUX_PREFLIGHT', `this user may not listen on ${place}`, { hint: choose, cause });
  }
  return new MuxletError('MUX_PREFLIGHT', `cannot listen on ${place}: ${cause.message}`, { hint: choose, cause });
}

function close(http: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    // The only error there is says that it does not listen, and that is what was wanted.
    http.close(() => resolve());
    http.closeAllConnections();
  });
}
