import { type Ask, type Dialect, type Reply, type Stream, sse } from './dialect.ts';
import { refuse } from './gemini-failures.ts';
import { fields, list, text } from './json.ts';
import { ownTexts } from './own-texts.ts';

const METHOD = /\/models\/([^/:]+):(streamGenerateContent|generateContent)$/;

/** Google's Gemini API, as Gemini CLI uses it. The model stands in the path, and streaming is a method of its own. */
export const gemini: Dialect = {
  name: 'gemini',
  serves: (path) => METHOD.test(path),
  read,
  json,
  stream,
  refuse,
};

const USAGE = { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 };

function read(body: unknown, url: URL): Ask {
  const request = fields(body);
  const [, model, method] = METHOD.exec(url.pathname) ?? [];
  const turns = list(request['contents'])
    .map(fields)
    .filter(({ role }) => role === 'user')
    .map(({ parts }) => list(parts).map(fields));
  return {
    model,
    streams: method === 'streamGenerateContent',
    offersTools: list(request['tools']).length > 0,
    wantsJson: fields(request['generationConfig'])['responseMimeType'] === 'application/json',
    userTexts: turns.flatMap((parts) => ownTexts(parts.map((part) => text(part['text'])))),
    asks: turns.at(-1)?.some((part) => 'functionResponse' in part) === true ? 'tool-result' : 'prompt',
  };
}

function json(reply: Reply) {
  return candidate(reply, [{ text: reply.pieces.join('') }, ...reply.tools.map(functionCall)], 'STOP');
}

function stream(reply: Reply): Stream {
  return {
    head: [],
    pieces: reply.pieces.map((piece) => sse(candidate(reply, [{ text: piece }]))),
    tail: [
      ...(reply.tools.length === 0 ? [] : [sse(candidate(reply, reply.tools.map(functionCall)))]),
      sse(candidate(reply, [{ text: '' }], 'STOP')),
    ],
  };
}

function functionCall({ name, input }: Reply['tools'][number]) {
  return { functionCall: { name, args: input } };
}

function candidate({ id, model }: Reply, parts: readonly object[], finishReason?: string) {
  const content = { role: 'model', parts };
  return {
    candidates: [{ index: 0, content, ...(finishReason !== undefined && { finishReason }) }],
    usageMetadata: USAGE,
    modelVersion: model,
    responseId: id,
  };
}
