import { formatHealth, type Health } from './health.ts';

/** What the server asks of the controller. */
export interface ServerSources {
  /** `accept`: the formats that are asked for, as the header of that name says. */
  readonly metrics: (accept: string) => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Whether the process works at all: if not, restart it. */
  readonly live: () => Health;
  /** Whether it does its duty: everything was loaded and looked at once, and the lock is held. */
  readonly ready: () => Health;
  /** Somebody says that something was pushed to the repository of a GitSource. */
  readonly pushed: (name: string, request: HookRequest) => Promise<'Accepted' | 'Forbidden' | 'Unknown'>;
}

export interface HookRequest {
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly allow?: string;
}

const METHODS = ['GET', 'HEAD'];
const INDEX = [
  'muxlet',
  '',
  '/metrics   metrics for Prometheus',
  '/healthz   whether it lives (?verbose lists the checks); the same as /livez',
  '/readyz    whether it is ready',
  '/hooks/gitsource/NAME   POST: something was pushed',
  '',
].join('\n');

export interface Request {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** The header of that name. */
  readonly accept?: string;
}

/** The answer to a request. Rejects if the metrics cannot be rendered. */
export async function answer({ method, target, accept = '' }: Request, sources: ServerSources): Promise<Answer> {
  // The query is cut off by hand: a target such as `//` is no URL, and is asked for all the same.
  const [path = '', query = ''] = target.split('?', 2);
  const source = routes(path, { isVerbose: new URLSearchParams(query).has('verbose'), accept }, sources);
  if (source === undefined) return plain(404, 'not found\n');
  if (!METHODS.includes(method)) return { ...plain(405, 'method not allowed\n'), allow: METHODS.join(', ') };
  return source();
}

function routes(
  path: string,
  { isVerbose, accept }: { readonly isVerbose: boolean; readonly accept: string },
  sources: ServerSources,
): (() => Answer | Promise<Answer>) | undefined {
  switch (path) {
    case '/':
      return () => plain(200, INDEX);
    case '/metrics':
      return async () => ({ status: 200, ...(await sources.metrics(accept)) });
    case '/healthz':
    case '/livez':
      return () => health(path, sources.live(), isVerbose);
    case '/readyz':
      return () => health(path, sources.ready(), isVerbose);
  }
  return undefined;
}

function health(path: string, state: Health, isVerbose: boolean): Answer {
  return plain(state.ok ? 200 : 503, formatHealth(path, state, isVerbose));
}

export function plain(status: number, text: string): Answer {
  return { status, contentType: 'text/plain; charset=utf-8', text };
}
