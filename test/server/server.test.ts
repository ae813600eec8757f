import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createServer, type ServerSources } from '../../controller/server/server.ts';

const SOURCES: ServerSources = {
  pushed: async () => 'Unknown' as const,
  metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'up 1\n' }),
  live: () => ({ ok: true, checks: [{ name: 'loop', ok: true }] }),
  ready: () => ({
    ok: false,
    checks: [
      { name: 'lock', ok: true },
      { name: 'specs', ok: false, message: 'not loaded yet' },
      { name: 'tmux', ok: false },
    ],
  }),
};

async function start(over: Partial<ServerSources> = {}) {
  const server = createServer({ ...SOURCES, ...over });
  onTestFinished(() => server.close());
  const { address, port } = await server.listen('127.0.0.1', 0);
  return { server, address, port, base: `http://127.0.0.1:${port}` };
}

describe('the server', () => {
  test('passes on which format of the metrics is asked for', async () => {
    const asked: string[] = [];
    const { base } = await start({
      async metrics(accept) {
        asked.push(accept);
        return { contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8', text: '# EOF\n' };
      },
    });
    const headers = { accept: 'application/openmetrics-text' };
    const response = await fetch(`${base}/metrics`, { headers });
    expect(response.headers.get('content-type')).toMatch(/^application.openmetrics-text;/);
    expect(response.headers.get('vary')).toBe('accept');
    await ask(Number(new URL(base).port), 'GET', '/metrics');
    expect(asked).toEqual(['application/openmetrics-text', '']);
  });

  test('serves the metrics', async () => {
    const { base } = await start();
    const response = await fetch(`${base}/metrics`);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'up 1\n',
    ]);
  });

  test.each(['/healthz', '/livez'])('says at %s whether the process lives', async (path) => {
    const { base } = await start();
    expect(await (await fetch(`${base}${path}`)).text()).toBe('ok\n');
    const verbose = await fetch(`${base}${path}?verbose`);
    expect([verbose.status, await verbose.text()]).toEqual([200, `[+]loop ok\n${path.slice(1)} check passed\n`]);
  });

  test('says with 503 what keeps it from being ready', async () => {
    const { base } = await start();
    const response = await fetch(`${base}/readyz`);
    expect([response.status, await response.text()]).toEqual([
      503,
      '[+]lock ok\n[-]specs failed: not loaded yet\n[-]tmux failed\nreadyz check failed\n',
    ]);
  });

  test('shows at its root what there is', async () => {
    const { base } = await start();
    const response = await fetch(`${base}/?x=1`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('/metrics');
  });

  test.each(['/metrics/', '/metric', '//', '/../metrics%00', '/healthz/lock'])('does not know %s', async (path) => {
    const { port } = await start();
    expect(await ask(port, 'GET', path)).toMatchObject({ status: 404, text: 'not found\n' });
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s, and says what it takes', async (method) => {
    const { port } = await start();
    expect(await ask(port, method, '/metrics')).toMatchObject({ status: 405, allow: 'GET, HEAD' });
  });

  test('answers HEAD with the head alone', async () => {
    const { port } = await start();
    expect(await ask(port, 'HEAD', '/metrics')).toMatchObject({ status: 200, length: '5', text: '' });
  });

  test('answers 500 without a word on why, and goes on', async () => {
    const { base } = await start({ metrics: () => Promise.reject(new Error('secret')), live: () => JSON.parse('{') });
    for (const path of ['/metrics', '/healthz']) {
      const response = await fetch(`${base}${path}`);
      expect([response.status, await response.text()]).toEqual([500, 'internal error\n']);
    }
    expect((await fetch(`${base}/`)).status).toBe(200);
  });
});

describe('listening', () => {
  test('tells the port that was free', async () => {
    const { address, port } = await start();
    expect(address).toBe('127.0.0.1');
    expect(port).toBeGreaterThan(0);
  });

  test.each([
    ['127.0.0.1', 'another program listens on 127.0.0.1:PORT already'],
    ['192.0.2.1', '192.0.2.1 is no address of this machine'],
  ])('names what is wrong with %s', async (host, message) => {
    const { port } = await start();
    const second = createServer(SOURCES);
    await expect(second.listen(host, port)).rejects.toMatchObject({
      code: 'MUX_PREFLIGHT',
      message: message.replace('PORT', `${port}`),
      hint: expect.stringContaining('--listen'),
    });
    await second.close();
  });

  test('can be tried again after it failed', async () => {
    const { port } = await start();
    const second = createServer(SOURCES);
    onTestFinished(() => second.close());
    await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'MUX_PREFLIGHT' });
    expect((await second.listen('127.0.0.1', 0)).port).not.toBe(port);
  });
});

describe('closing', () => {
  test('ends connections that are kept alive, or say nothing, at once', async () => {
    const { server, port } = await start();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    await ask(port, 'GET', '/metrics', agent);
    const silent = connect(port, '127.0.0.1');
    await once(silent, 'connect');
    const ended = once(silent, 'close');
    silent.resume();
    const before = performance.now();
    await Promise.all([server.close(), ended]);
    expect(performance.now() - before).toBeLessThan(1_000);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  test('ends a request whose answer never comes', async () => {
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { server, base } = await start({
      metrics() {
        asked();
        return new Promise(() => {});
      },
    });
    const hanging = expect(fetch(`${base}/metrics`)).rejects.toThrow();
    await isAsked;
    await server.close();
    await hanging;
  });

  test('is nothing for a server that does not listen', async () => {
    const server = createServer(SOURCES);
    await server.close();
    await server.close();
  });
});

interface Reply {
  readonly status: number | undefined;
  readonly allow: string | undefined;
  readonly length: string | undefined;
  readonly text: string;
}

/** A request that is sent as it is; `fetch` would tidy up the path. */
async function ask(port: number, method: string, path: string, agent?: Agent): Promise<Reply> {
  const sent = request({ host: '127.0.0.1', port, method, path, ...(agent && { agent }) });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const { allow, 'content-length': length } = response.headers;
  return { status: response.statusCode, allow, length, text };
}

describe('who says that something was pushed', () => {
  const SIGNED = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
  const post = (base: string, path: string, body = '{}', headers: Record<string, string> = SIGNED) =>
    fetch(`${base}${path}`, { method: 'POST', body, headers });

  test('is heard with what was sent, byte for byte', async () => {
    const heard: string[] = [];
    const { base } = await start({
      pushed: async (name, { headers, body }) => {
        heard.push(`${name} ${String(headers['content-length'])} ${body.toString('utf8')}`);
        return 'Accepted';
      },
    });
    expect((await post(base, '/hooks/gitsource/team', '{"a": "é"}')).status).toBe(202);
    expect((await post(base, '/hooks/gitsource/a.b-c/?x=1')).status).toBe(202);
    expect(heard).toEqual(['team 11 {"a": "é"}', 'a.b-c 2 {}']);
  });

  test('is not read where no signature of a body could tell who it is', async () => {
    const heard: string[] = [];
    const { base } = await start({
      pushed: async (_name, { headers, body }) => {
        heard.push(`${String(headers['x-gitlab-token'])} ${body.length}`);
        return headers['x-gitlab-token'] === 'secret' ? 'Accepted' : 'Forbidden';
      },
    });
    const answers = [{ 'x-gitlab-token': 'secret' }, {}, { 'x-hub-signature-256': 'sha256=what' }].map((headers) =>
      post(base, '/hooks/gitsource/team', '{}', headers as Record<string, string>),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([202, 403, 403]);
    expect(heard.map((line) => line.split(' ')[1])).toEqual(['0', '0', '0']);
  });

  test('is turned away while too many are being read', async () => {
    const { base } = await start({ pushed: async () => 'Accepted' });
    const slow = Array.from({ length: 8 }, () => {
      const sent = request(`${base}/hooks/gitsource/team`, { method: 'POST', headers: SIGNED });
      const answered = new Promise((resolve) => sent.on('response', (response) => resolve(response.statusCode)));
      sent.on('error', () => undefined).write('{');
      return { sent, answered };
    });
    await vi.waitFor(async () => expect((await post(base, '/hooks/gitsource/team')).status).toBe(503));
    for (const { sent } of slow) sent.end('}');
    expect(new Set(await Promise.all(slow.map(({ answered }) => answered)))).toEqual(new Set([202]));
    expect((await post(base, '/hooks/gitsource/team')).status).toBe(202);
  });

  test('is told no more than what was decided', async () => {
    const { base } = await start({
      pushed: async (name) => {
        if (name === 'broken') throw new Error('a secret');
        return name === 'team' ? 'Forbidden' : 'Unknown';
      },
    });
    const answers = ['team', 'other', 'broken', '..%2f', 'a/b', ''].map(async (name) => {
      const response = await post(base, `/hooks/gitsource/${name}`);
      return `${response.status} ${await response.text()}`;
    });
    expect(await Promise.all(answers)).toEqual([
      '403 forbidden\n',
      '404 not found\n',
      '500 internal error\n',
      '404 not found\n',
      '404 not found\n',
      '404 not found\n',
    ]);
  });

  test('is not listened to for ever', async () => {
    let heard = 0;
    const { base } = await start({
      pushed: async () => {
        heard += 1;
        return 'Accepted';
      },
    });
    expect((await post(base, '/hooks/gitsource/team', 'x'.repeat(4 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await fetch(`${base}/hooks/gitsource/team`)).status).toBe(405);
    expect(heard).toBe(0);
  });
});
