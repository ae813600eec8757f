// A model service on loopback, for proving how real coding agents behave: it speaks the Anthropic, OpenAI (Responses and
// Chat Completions) and Gemini APIs on one port, does to each agent what the test told it to, and remembers what came.
// An agent is told apart by its base URL, /p/<label>. It knows nothing of agents, tmux or the product.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Behaviour, unrolled } from './behaviour.ts';
import { anthropic } from './dialects/anthropic.ts';
import { chat } from './dialects/chat.ts';
import { gemini } from './dialects/gemini.ts';
import { responses } from './dialects/responses.ts';
import { hear, type Label, newLabel } from './label.ts';
import { perform, refuse } from './perform.ts';
import { readRequest } from './read-request.ts';
import type { RequestRecord } from './request-record.ts';

export interface ModelApi {
  /** The base URL to give to the agent, without a slash at its end. A `/v1` that a program wants goes behind it. */
  readonly url: (label: string) => string;
  /** What to do with the next main requests, one behaviour each; an echo when none is left. */
  readonly queue: (label: string, ...behaviours: readonly Behaviour[]) => void;
  /** Takes back what no request has met yet; returns how many that were. */
  readonly clear: (label: string) => number;
  /** All requests so far, oldest first. */
  readonly requests: (label: string) => readonly RequestRecord[];
  /** Each message that an agent passed on to its model, in order, once however often it was sent again. */
  readonly prompts: (label: string) => readonly string[];
  /** The user's side of the conversation as the newest main request told it. */
  readonly conversation: (label: string) => readonly string[];
  /** How many requests stall at this moment. */
  readonly stalled: (label: string) => number;
  /** Lets all stalled requests of the label go on; returns how many that were. */
  readonly release: (label: string) => number;
  /** Cuts every connection and stops listening. */
  readonly close: () => Promise<void>;
}

const DIALECTS = [anthropic, responses, chat, gemini];

export async function startModelApi(): Promise<ModelApi> {
  const labels = new Map<string, Label>();
  const of = (name: string): Label => {
    const label = labels.get(name) ?? newLabel();
    labels.set(name, label);
    return label;
  };
  const server = createServer((request, response) => {
    serve(request, response, of).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: (label) => `http://127.0.0.1:${port}/p/${label}`,
    queue: (label, ...behaviours) => void of(label).queue.push(...unrolled(behaviours)),
    clear: (label) => of(label).queue.splice(0).length,
    requests: (label) => of(label).requests.map((record) => ({ ...record })),
    prompts: (label) => [...of(label).prompts],
    conversation: (label) => [...of(label).conversation],
    stalled: (label) => of(label).stalled.size,
    release: (label) => [...of(label).stalled].map((end) => end()).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, of: (name: string) => Label): Promise<void> {
  const { label: name, url, body, auth } = await readRequest(request);
  const label = of(name);
  const dialect = DIALECTS.find(({ serves }) => serves(url.pathname));
  const base = { label: name, at: Date.now(), method: request.method ?? '', path: url.pathname + url.search, auth };
  if (dialect === undefined || request.method !== 'POST') {
    const nothing = { main: false, model: undefined, userText: '', asks: 'prompt' } as const;
    label.requests.push({ ...base, ...nothing, dialect: 'other', answeredBy: 'refused' });
    // Codex asks for a WebSocket by a GET of its Responses URL first; 426 sends it to POST at once.
    await refuse(response, {
      status: dialect === responses ? 426 : 404,
      body: { error: { message: 'not served here' } },
    });
    return;
  }
  const ask = dialect.read(body, url);
  const main = ask.offersTools;
  const behaviour: Behaviour = (main ? takeFor(ask.asks, label) : undefined) ?? { type: 'echo' };
  if (main) hear(label, ask.userTexts);
  const record: { -readonly [Field in keyof RequestRecord]: RequestRecord[Field] } = {
    ...base,
    dialect: dialect.name,
    main,
    model: ask.model,
    userText: ask.userTexts.at(-1) ?? '',
    asks: ask.asks,
    answeredBy: main ? behaviour.type : 'side',
  };
  label.requests.push(record);
  response.once('close', () => {
    record.endedAt = Date.now();
  });
  await perform(behaviour, { dialect, ask, response, stall: () => stall(label, response) });
}

/** The first that is for such a request. */
function takeFor(asks: RequestRecord['asks'], { queue }: Label): Behaviour | undefined {
  const index = queue.findIndex((behaviour) => behaviour.asks === undefined || behaviour.asks === asks);
  return index === -1 ? undefined : queue.splice(index, 1)[0];
}

function stall({ stalled }: Label, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stalled.delete(end);
      resolve();
    };
    stalled.add(end);
    response.once('close', end);
  });
}
