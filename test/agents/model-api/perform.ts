import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Behaviour, Place, ToolCall } from './behaviour.ts';
import type { Ask, Dialect, Refusal, Reply } from './dialects/dialect.ts';
import { echoOf, piecesOf } from './pieces.ts';

/** One request that is being answered. `stall` resolves when the test releases it or the client has gone. */
export interface Exchange {
  readonly dialect: Dialect;
  readonly ask: Ask;
  readonly response: ServerResponse;
  readonly stall: () => Promise<void>;
}

interface Course {
  readonly text: string;
  readonly tools?: readonly ToolCall[];
  readonly pauseMs?: number | undefined;
  readonly inputTokens?: number;
  /** What happens before the first byte, or after half of the text. */
  readonly trouble?: { readonly where: Place; readonly does: 'stall' | 'drop' };
}

/** Answers as told. Resolves when the response is over, whoever ended it. */
export function perform(behaviour: Behaviour, exchange: Exchange): Promise<void> {
  const { dialect, ask, response } = exchange;
  const echo = ask.wantsJson ? '{}' : echoOf(ask.userTexts.at(-1) ?? '');
  switch (behaviour.type) {
    case 'text':
      return answer(exchange, behaviour);
    case 'echo':
      return answer(exchange, { text: echo, pauseMs: behaviour.pauseMs });
    case 'tool': {
      const { name, input, text = `I will use ${name}.`, and = [] } = behaviour;
      return answer(exchange, { text, tools: [{ name, input }, ...and] });
    }
    case 'stall':
    case 'drop':
      return answer(exchange, { text: echo, trouble: { where: behaviour.where, does: behaviour.type } });
    case 'failure':
      return refuse(response, dialect.refuse(behaviour));
    case 'status':
      return refuse(response, { ...behaviour, body: behaviour.body ?? {} });
  }
}

export async function refuse(response: ServerResponse, { status, headers, body }: Refusal): Promise<void> {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function answer(exchange: Exchange, course: Course): Promise<void> {
  const { dialect, ask, response } = exchange;
  if (await trouble('headers', exchange, course)) return;
  const id = randomBytes(8).toString('hex');
  const { text, tools = [], inputTokens = 10 } = course;
  const reply: Reply = { id, model: ask.model ?? 'mock-model', pieces: piecesOf(text), tools, inputTokens };
  if (!ask.streams) {
    const body = JSON.stringify(dialect.json(reply));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    if (course.trouble?.where === 'stream') response.write(body.slice(0, body.length / 2));
    if (await trouble('stream', exchange, course)) return;
    response.end(course.trouble?.where === 'stream' ? body.slice(body.length / 2) : body);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const { head, pieces, tail } = dialect.stream(reply);
  response.write(head.join(''));
  const middle = Math.ceil(pieces.length / 2);
  await writeSlowly(response, pieces.slice(0, middle), course.pauseMs);
  if (await trouble('stream', exchange, course)) return;
  await writeSlowly(response, pieces.slice(middle), course.pauseMs);
  response.end(tail.join(''));
}

async function writeSlowly(response: ServerResponse, pieces: readonly string[], pauseMs = 0): Promise<void> {
  for (const piece of pieces) {
    if (response.closed) return;
    response.write(piece);
    if (pauseMs > 0) await pause(pauseMs);
  }
}

/** Returns whether the exchange is over with that. */
async function trouble(where: Place, { response, stall }: Exchange, course: Course): Promise<boolean> {
  if (course.trouble?.where !== where) return false;
  switch (course.trouble.does) {
    case 'stall':
      await stall();
      return response.closed;
    case 'drop':
      await written(response);
      response.socket?.resetAndDestroy();
      return true;
  }
}

/** A reset throws away what the kernel has not sent, so what was written goes first. */
async function written(response: ServerResponse): Promise<void> {
  if (!response.headersSent) return;
  await new Promise<void>((resolve) => {
    response.write(' ', () => resolve());
  });
  await pause(20);
}
