import { readFile } from 'node:fs/promises';
import type * as Nodemailer from 'nodemailer';
import type { MailReceiver, MailServer } from '../../api/generated/all.ts';
import type { Delivery } from '../../api/notification.ts';
import { mailContent } from './mail-content.ts';
import { errorText, failed, refused, type Sending } from './sending.ts';

type Tls = NonNullable<MailServer['tls']>;

const PORTS: Readonly<Record<Tls, number>> = { Required: 587, Opportunistic: 587, Implicit: 465, None: 25 };
/** A server that does not hang up would otherwise keep a program that has nothing else to do for five seconds. */
const CLOSE_MS = 500;

let loaded: Promise<typeof Nodemailer> | undefined;

/**
 * Whoever sends no mail need not read it. Who runs for weeks does so at once, and keeps it: before his first mail
 * `npm run build` may have put other files in the place of those that he began with, and Node.js looks again for a file
 * that it has read.
 */
export async function loadMail(): Promise<typeof Nodemailer> {
  loaded ??= import('nodemailer');
  try {
    return await loaded;
  } catch (error) {
    loaded = undefined;
    throw error;
  }
}

/** One mail to all addresses, over a connection of its own. */
export async function sendMail({ to, from, server, auth }: MailReceiver, sending: Sending): Promise<Delivery> {
  const { notification, signal, timeoutMs } = sending;
  const { host, tls = 'Required' } = server;
  const port = server.port ?? PORTS[tls];
  const ca = server.ca === undefined ? undefined : await readFile(sending.path(server.ca), 'utf8');
  const pass = auth === undefined ? undefined : await sending.secret('auth.password', auth.password);
  // As AUTH PLAIN says it, which a server may repeat.
  if (auth !== undefined) sending.hide(`\0${auth.user}\0${pass}`);
  const address = `${host}:${port}`;

  const [{ createTransport }, { connect }] = await Promise.all([loadMail(), import('node:net')]);
  const transport = createTransport({
    host,
    port,
    ...tlsOptions(tls, auth !== undefined),
    ...(ca !== undefined && { tls: { ca } }),
    ...(auth !== undefined && { auth: { user: auth.user, pass } }),
    greetingTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    socketCloseTimeout: CLOSE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    // By the system's own way to find names: nodemailer would not look into /etc/hosts first.
    getSocket(_options, done) {
      const socket = connect({ host, port, signal });
      socket.once('error', done);
      socket.once('connect', () => {
        socket.off('error', done);
        done(null, { connection: socket });
      });
    },
  });
  try {
    const { rejectedErrors = [] } = await transport.sendMail({ ...mailContent(notification, from), from, to, signal });
    if (rejectedErrors.length === 0) return { type: 'Delivered' };
    // Once more would be twice for the others.
    const replies = rejectedErrors.map(({ recipient, response }) => `${recipient}: ${response}`);
    return { type: 'Delivered', note: `${address} did not take it for ${replies.join('; ')}` };
  } catch (error) {
    return outcome(error as SmtpError, address);
  } finally {
    transport.close();
  }
}

/** What is sent with a password is never sent in the clear, unless somebody wrote None. */
function tlsOptions(tls: Tls, hasPassword: boolean) {
  switch (tls) {
    case 'Required':
      return { secure: false, requireTLS: true };
    case 'Opportunistic':
      return { secure: false, requireTLS: hasPassword, opportunisticTLS: true };
    case 'Implicit':
      return { secure: true };
    case 'None':
      return { secure: false, ignoreTLS: true };
  }
}

interface SmtpError extends Error {
  readonly code?: string;
  /** The reply of the server, if it was one. */
  readonly response?: string;
  readonly responseCode?: number;
}

/**
 * Refused for good is a mail, a sender or a recipient. A login that is refused is not: once somebody has put it right, the
 * same mail goes.
 */
function outcome(error: SmtpError, address: string): Delivery {
  const { code, response, responseCode = 0 } = error;
  const message = response === undefined ? `${address}: ${errorText(error)}` : `${address} answered ${response}`;
  if (code === 'ETLS' && response !== undefined) return failed(`${address} offers no STARTTLS (${response})`);
  const isOfMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  // 503: the commands came in the wrong order, which is no word about the mail.
  return isOfMail && responseCode >= 500 && responseCode !== 503 ? refused(message) : failed(message);
}
