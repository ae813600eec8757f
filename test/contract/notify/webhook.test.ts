import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WebhookReceiver } from '../../../controller/api/generated/all.ts';
import { selfSigned } from '../../support/certificate.ts';
import { freePort, listen, makePlace, type Place, type Telling } from './support.ts';

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

const TOKEN = 'tk_s3cret-token';
const KEY = 'T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX';
const certificate = selfSigned();
const received: Received[] = [];
let place: Place;
let plain: Server;
let secured: Server;

/** What is answered, whatever the path, unless that begins with a status. */
let said: { readonly status: number; readonly headers: Record<string, string>; readonly body: string };

/** Answers as the path says. */
const answer: RequestListener = (request, response) => {
  const { url = '', headers } = request;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    received.push({ url, headers, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown });
    const [, path = '', kind = ''] = url.split('/');
    if (path === 'said') {
      response.writeHead(said.status, said.headers).end(said.body);
      return;
    }
    const status = path === '' ? 200 : Number.parseInt(path, 10);
    if (kind === 'break') {
      response.writeHead(status, { 'content-length': '100' });
      response.write('half of');
      setImmediate(() => response.destroy());
    } else if (kind === 'unfinished') {
      response.writeHead(status, { 'content-length': '100' });
      response.write('half of');
    } else if (kind === 'endless') {
      response.writeHead(status);
      const more = (): void => {
        if (!response.destroyed) response.write('no '.repeat(1000), () => setImmediate(more));
      };
      more();
    } else {
      response.writeHead(status, {
        ...(kind.startsWith('after-') && { 'retry-after': kind.slice('after-'.length) }),
        ...(kind === 'elsewhere' && { location: '/200/followed' }),
      });
      response.end(
        kind === 'echo' ? `you said ${headers.authorization} to ${url}, ${headers.authorization?.slice(7)}` : '',
      );
    }
  });
};

beforeAll(async () => {
  place = makePlace();
  place.write('ca.pem', certificate.cert);
  place.write('token', `Bearer ${TOKEN}\n`);
  plain = createHttpServer(answer);
  secured = createHttpsServer(certificate, answer);
  await Promise.all(
    [plain, secured].map(
      (server) =>
        new Promise<void>((resolve) => {
          server.listen(0, '127.0.0.1', resolve);
        }),
    ),
  );
});
afterAll(() => {
  for (const server of [plain, secured]) {
    server.closeAllConnections();
    server.close();
  }
  place.remove();
});
beforeEach(() => {
  received.length = 0;
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const post = (path: string, more: Partial<WebhookReceiver> = {}, telling: Telling = {}) =>
  place.tell({ webhook: { url: { value: `http://127.0.0.1:${portOf(plain)}${path}` }, ...more } }, telling);

describe('a webhook', () => {
  test('gets the notification as JSON, with the headers of the spec and those of its files', async () => {
    const headers = [
      { name: 'X-Team', value: 'web' },
      { name: 'Authorization', valueFrom: { file: 'token' } },
      { name: 'Content-Length', value: '3' },
    ];
    expect(await post('/200/in', { headers }, { notification: { title: 'größer ☕' } })).toEqual({ type: 'Delivered' });
    expect(received).toMatchObject([
      {
        url: '/200/in',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': 'n-1f2e3d',
          'user-agent': 'muxlet',
          'x-team': 'web',
          authorization: `Bearer ${TOKEN}`,
        },
        body: { kind: 'Notification', id: 'n-1f2e3d', title: 'größer ☕', items: [{ name: 'web/dev' }] },
      },
    ]);
  });

  test('has answered once it has said how it went, although it never comes to an end', async () => {
    const timeout = { timeout: '4s' };
    const url = (path: string) => ({ value: `http://127.0.0.1:${portOf(plain)}${path}` });
    const [taken, refused] = await Promise.all(
      ['/200/unfinished', '/400/unfinished'].map((path) => place.tell({ webhook: { url: url(path) }, ...timeout })),
    );
    expect(taken).toEqual({ type: 'Delivered' });
    expect(refused).toMatchObject({ permanent: true, message: expect.stringMatching(/ answered 400: half of$/) });
  });

  test('gets what Slack, Discord and ntfy understand, where they want it', async () => {
    for (const form of ['Slack', 'Discord', 'Ntfy'] as const)
      expect((await post('/200', { form })).type).toBe('Delivered');
    expect(received.map(({ url }) => url)).toEqual(['/200', '/200?wait=true', '/']);
    expect(received.map(({ body }) => Object.keys(body as object)[0])).toEqual(['text', 'content', 'topic']);
  });

  test('is reached over TLS if its certificate is vouched for', async () => {
    const url = { value: `https://localhost:${portOf(secured)}/200` };
    expect(await place.tell({ webhook: { url, ca: 'ca.pem' } })).toEqual({ type: 'Delivered' });
    expect(await place.tell({ webhook: { url } })).toMatchObject({
      permanent: false,
      message: expect.stringMatching(/^localhost:\d+: .*self-signed/),
    });
    expect(received).toHaveLength(1);
  });

  test('is not asked through the proxy of the environment, which is said if that was needed', async () => {
    const env = { HTTP_PROXY: `http://127.0.0.1:${await freePort()}` };
    expect(await post('/200', {}, { env })).toEqual({ type: 'Delivered' });
    const url = { value: `http://127.0.0.1:${await freePort()}/` };
    expect(await place.tell({ webhook: { url } }, { env })).toMatchObject({
      message: expect.stringMatching(/ECONNREFUSED.*proxies of the environment are not used/),
    });
  });
});

describe('an answer', () => {
  test.each([
    ['/429/after-7', { permanent: false, retryAfterMs: 7000 }],
    ['/503/after-1', { permanent: false, retryAfterMs: 1000 }],
    ['/500', { permanent: false }],
    ['/408', { permanent: false }],
    ['/401', { permanent: false }],
    ['/404', { permanent: true }],
    ['/400/echo', { permanent: true }],
    ['/410', { permanent: true }],
  ])('%s says whether there is use in trying again', async (path, expected) => {
    const told = await post(path);
    expect(told).toMatchObject({ type: 'Failed', message: expect.stringContaining(path.slice(1, 4)), ...expected });
    expect('retryAfterMs' in told).toBe('retryAfterMs' in expected);
  });

  // As the services say it. An address of Discord as it is given out names no version: those are milliseconds.
  test.each([
    { form: 'Slack', headers: { 'retry-after': '30' }, body: 'rate_limited', wanted: 30_000 },
    { form: 'Ntfy', path: '/topic', body: '{"code":42901,"http":429,"error":"limit reached: too many requests"}' },
    {
      form: 'Discord',
      path: '/api/v10/webhooks/1/x',
      headers: { 'retry-after': '2', 'x-ratelimit-reset-after': '1.337' },
      body: '{"message":"You are being rate limited.","retry_after":1.337,"global":false}',
      wanted: 1337,
    },
    { form: 'Discord', path: '/api/v10/webhooks/1/x', headers: { 'retry-after': '65' }, wanted: 65_000 },
    { form: 'Discord', path: '/api/v10/webhooks/1/x', body: '{"retry_after": 64.57, "global": true}', wanted: 64_570 },
    {
      form: 'Discord',
      path: '/api/webhooks/1/x',
      headers: { 'retry-after': '1823', 'x-ratelimit-reset-after': '1.823' },
      body: '{"retry_after": 1823}',
      wanted: 1823,
    },
    { form: 'Discord', path: '/api/webhooks/1/x', headers: { 'retry-after': '1823' }, wanted: 1823 },
    { form: 'Discord', path: '/api/webhooks/1/x', body: 'error code: 1015' },
  ] as const)('that asks for patience is heeded: %j', async ({ form, path = '', headers = {}, body = '', wanted }) => {
    said = { status: 429, headers, body };
    const told = await post(`/said${path}`, { form });
    expect(told).toMatchObject({ type: 'Failed', permanent: false });
    expect('retryAfterMs' in told ? told.retryAfterMs : undefined).toBe(wanted);
  });

  test('that points elsewhere is not followed', async () => {
    const message = expect.stringContaining('redirects are not followed');
    expect(await post('/307/elsewhere')).toMatchObject({ permanent: true, message });
    expect(received.map(({ url }) => url)).toEqual(['/307/elsewhere']);
  });

  test('counts though its body breaks off, or has no end', async () => {
    expect(await post('/200/break')).toEqual({ type: 'Delivered' });
    expect(await post('/500/break')).toMatchObject({ permanent: false, message: expect.stringContaining('500') });
    expect(await post('/200/endless')).toEqual({ type: 'Delivered' });
    const refusal = await post('/400/endless');
    expect(refusal).toMatchObject({ permanent: true });
    expect('message' in refusal && refusal.message?.length).toBeLessThanOrEqual(400);
  });

  test('that says secrets back is shown without them', async () => {
    place.write('url', `http://127.0.0.1:${portOf(plain)}/403/echo/${KEY}?token=abcdefgh`);
    const told = await post(
      '',
      {
        url: { valueFrom: { file: 'url' } },
        headers: [{ name: 'authorization', valueFrom: { env: 'TOKEN' } }],
      },
      { env: { TOKEN: `Bearer ${TOKEN}` } },
    );
    expect(told).toMatchObject({
      permanent: false,
      message: expect.stringContaining('answered 403: you said [redacted]'),
    });
    const said = JSON.stringify(told);
    for (const secret of [TOKEN, ...KEY.split('/'), 'abcdefgh']) expect(said).not.toContain(secret);
  });
});

describe('nothing is delivered', () => {
  test('to what is no address, and the text of it is not shown', async () => {
    for (const content of ['ftp://example.org/secret-part', 'secret-part', '']) {
      place.write('url', content);
      const told = await post('', { url: { valueFrom: { file: 'url' } } });
      expect(told).toEqual({ type: 'Failed', permanent: true, message: 'url is no http or https address' });
    }
    const missing = await post('', { url: { valueFrom: { env: 'NONE' } } });
    expect(missing).toMatchObject({ permanent: false, message: expect.stringContaining('no variable NONE') });
    place.write('token2', 'a\nb');
    const split = await post('/200', { headers: [{ name: 'x', valueFrom: { file: 'token2' } }] });
    expect(split).toMatchObject({ type: 'Failed', message: expect.stringContaining('Invalid character') });
  });

  test('where nobody answers in time, or hangs up; nor after somebody gave it up', async () => {
    const silent = await listen(() => undefined);
    const rude = await listen((socket) => socket.once('data', () => socket.destroy()));
    const stop = new AbortController();
    const url = (port: number) => ({ url: { value: `http://127.0.0.1:${port}/` } });
    const begun = performance.now();
    const all = Promise.all([
      place.tell({ webhook: url(silent.port), timeout: '1s' }),
      place.tell({ webhook: url(rude.port) }),
      place.tell({ webhook: url(silent.port) }, { signal: stop.signal }),
      place.tell({ webhook: url(portOf(plain)) }, { signal: AbortSignal.abort() }),
    ]);
    stop.abort();
    const [late, hungUp, ...givenUp] = await all;
    expect(performance.now() - begun).toBeLessThan(2500);
    expect(late).toEqual({ type: 'Failed', permanent: false, message: 'no answer within 1 s' });
    expect(hungUp).toMatchObject({ permanent: false, message: expect.stringContaining('socket hang up') });
    for (const each of givenUp) expect(each).toMatchObject({ message: 'given up before it was answered' });
    expect(received).toEqual([]);
    silent.close();
    rude.close();
  });

  test('many that hang at once are no leak', async () => {
    const silent = await listen(() => undefined);
    const stop = new AbortController();
    const warnings: Error[] = [];
    const onWarning = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', onWarning);
    try {
      const webhook = { url: { value: `http://127.0.0.1:${silent.port}/` } };
      const tries = Array.from({ length: 20 }, () => place.tell({ webhook }, { signal: stop.signal }));
      stop.abort();
      expect((await Promise.all(tries)).filter(({ type }) => type !== 'Failed')).toEqual([]);
      await new Promise(setImmediate);
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', onWarning);
      silent.close();
    }
  });
});
