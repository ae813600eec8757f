import type { Socket } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MailReceiver } from '../../../controller/api/generated/all.ts';
import { selfSigned } from '../../support/certificate.ts';
import { type MailServer, startMailServer } from '../../support/mail-server.ts';
import { freePort, listen, makePlace, type Place } from './support.ts';

const PASSWORD = 'correct horse battery';
const certificate = selfSigned();
const login: SMTPServerOptions = {
  onAuth({ username, password }, _session, done) {
    if (password === PASSWORD) done(null, { user: username });
    // There are servers that say what they were told.
    else done(Object.assign(new Error(`no login for ${username} with ${password}`), { responseCode: 535 }));
  },
  onRcptTo({ address }, _session, done) {
    if (address.startsWith('unknown')) done(Object.assign(new Error('no such user'), { responseCode: 550 }));
    else if (address.startsWith('later')) done(Object.assign(new Error('try again later'), { responseCode: 451 }));
    else done();
  },
};

let place: Place;
let secured: MailServer;
let implicit: MailServer;
let plain: MailServer;

beforeAll(async () => {
  place = makePlace();
  place.write('ca.pem', certificate.cert);
  place.write('password', `${PASSWORD}\n`);
  [secured, implicit, plain] = await Promise.all([
    startMailServer({ ...certificate, ...login, authOptional: false }),
    startMailServer({ ...certificate, ...login, secure: true }),
    startMailServer({ ...login, allowInsecureAuth: true }),
  ]);
});
afterAll(async () => {
  await Promise.all([secured.close(), implicit.close(), plain.close()]);
  place.remove();
});

const auth = { user: 'muxlet', password: { file: 'password' } };
const at = (port: number, more: Partial<MailReceiver['server']> = {}): MailReceiver => ({
  to: ['Anna <anna@example.org>', 'ben@example.org'],
  from: 'muxlet <muxlet@example.org>',
  server: { host: '127.0.0.1', port, ca: 'ca.pem', ...more },
});

describe('a mail', () => {
  test('goes over STARTTLS with a login, and is the same mail when it is sent again', async () => {
    const told = {
      title: 'agent web/dev waits\r\nBcc: eve@example.org',
      text: `größer als ☕\n.\nRCPT TO:<eve@example.org>\n${'x'.repeat(5000)}\n`,
    };
    expect(await place.tell({ mail: { ...at(secured.port), auth } }, { notification: told })).toEqual({
      type: 'Delivered',
    });
    expect(await place.tell({ mail: { ...at(secured.port), auth } }, { notification: told })).toEqual({
      type: 'Delivered',
    });
    const [first, second] = secured.mails;
    expect(first).toMatchObject({
      from: 'muxlet@example.org',
      to: ['anna@example.org', 'ben@example.org'],
      isSecure: true,
      user: 'muxlet',
    });
    const [headers = '', body = ''] = first?.raw.split('\r\n\r\n') ?? [];
    expect(headers).toMatch(/^Subject: agent web\/dev waits Bcc: eve@example\.org$/m);
    expect(headers).not.toMatch(/^Bcc:/im);
    expect(headers).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(headers).toMatch(/^Message-ID: <muxlet\.n-1f2e3d@example\.org>$/m);
    expect(headers).toMatch(/^Content-Type: text\/plain; charset=utf-8$/m);
    expect(Buffer.from(body, 'base64').toString() + body).toMatch(/gr(?:ö|=C3=B6)/);
    // RFC 5322, 2.1.1
    expect(Math.max(...(first?.raw.split('\r\n') ?? []).map(({ length }) => length))).toBeLessThanOrEqual(998);
    expect(second?.raw).toMatch(/^Message-ID: <muxlet\.n-1f2e3d@example\.org>$/m);
  });

  test('goes over TLS from the first byte, and in the clear where that was wanted', async () => {
    expect(await place.tell({ mail: at(implicit.port, { tls: 'Implicit' }) })).toEqual({ type: 'Delivered' });
    expect(await place.tell({ mail: at(plain.port, { tls: 'None' }) })).toEqual({ type: 'Delivered' });
    expect(await place.tell({ mail: at(plain.port, { tls: 'Opportunistic' }) })).toEqual({ type: 'Delivered' });
    expect([implicit.mails.at(-1)?.isSecure, plain.mails.map(({ isSecure }) => isSecure)]).toEqual([
      true,
      [false, false],
    ]);
  });
});

describe('is not sent', () => {
  let before: number;
  const count = (): number => [secured, implicit, plain].reduce((sum, { mails }) => sum + mails.length, 0);
  beforeEach(() => {
    before = count();
  });

  test('in the clear, if encryption or a password is wanted', async () => {
    for (const mail of [at(plain.port), { ...at(plain.port, { tls: 'Opportunistic' }), auth }]) {
      const told = await place.tell({ mail });
      expect(told).toMatchObject({ type: 'Failed', permanent: false, message: expect.stringContaining('STARTTLS') });
    }
    expect(count()).toBe(before);
  });

  test('to a server whose certificate nobody vouches for', async () => {
    const { ca: _, ...server } = at(secured.port).server;
    for (const tls of ['Required', 'Opportunistic'] as const) {
      const told = await place.tell({ mail: { ...at(secured.port), server: { ...server, tls } } });
      expect(told).toMatchObject({ type: 'Failed', message: expect.stringMatching(/self-signed/) });
    }
    const named = await place.tell({ mail: at(secured.port, { host: '127.0.0.2' }) });
    expect(named.type).toBe('Failed');
    expect(count()).toBe(before);
  });

  test('without its password, and nothing says what the password was', async () => {
    const wrong = await place.tell(
      { mail: { ...at(secured.port), auth: { user: 'muxlet', password: { env: 'PW' } } } },
      {
        env: { PW: 'my wrong password' },
      },
    );
    expect(wrong).toMatchObject({ type: 'Failed', permanent: false });
    expect(JSON.stringify(wrong)).toMatch(/535 no login for muxlet with \[redacted\]/);
    const missing = await place.tell({
      mail: { ...at(secured.port), auth: { user: 'x', password: { file: 'none' } } },
    });
    expect(missing).toMatchObject({
      type: 'Failed',
      permanent: false,
      message: expect.stringMatching(/none cannot be read/),
    });
    expect(count()).toBe(before);
  });

  test('to whom the server does not know, for good; to whom it does not take now, another time', async () => {
    const to = (...names: string[]) => place.tell({ mail: { ...at(secured.port), auth, to: names } });
    expect(await to('unknown@example.org')).toMatchObject({ permanent: true, message: expect.stringContaining('550') });
    expect(await to('later@example.org')).toMatchObject({ permanent: false, message: expect.stringContaining('451') });
    expect(await to('unknown@example.org', 'later@example.org')).toMatchObject({ permanent: false });
    expect(count()).toBe(before);
    const note = expect.stringMatching(/did not take it for unknown@example\.org: 550/);
    expect(await to('anna@example.org', 'unknown@example.org')).toEqual({ type: 'Delivered', note });
  });

  test('where nobody answers, or who answers goes away or falls silent; and that takes no longer than it may', async () => {
    const servers = await Promise.all(
      [silent, after('EHLO', 'hang'), after('DATA', 'close'), after('DATA', 'hang')].map(listen),
    );
    const ports = [...servers.map(({ port }) => port), await freePort()];
    const begun = performance.now();
    const told = await Promise.all(ports.map((port) => place.tell({ mail: at(port, { tls: 'None' }), timeout: '1s' })));
    expect(performance.now() - begun).toBeLessThan(3000);
    for (const each of told) expect(each).toMatchObject({ type: 'Failed', permanent: false });
    expect(told.at(-1)).toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
    for (const { close } of servers) close();
  });
});

type Script = (socket: Socket) => void;
const silent: Script = () => undefined;

/** Plays a server until the client says `word`. */
function after(word: string, then: 'hang' | 'close'): Script {
  return (socket) => {
    socket.write('220 hello\r\n');
    socket.on('data', (data: Buffer) => {
      const said = data.toString();
      if (said.includes(word) && then === 'hang') return;
      if (said.includes(word)) socket.destroy();
      else socket.write('250 yes\r\n'.repeat(said.split('\r\n').length - 1));
    });
  };
}
