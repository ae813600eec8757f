import { type Ask, type Dialect, type Reply, type Stream, sse } from './dialect.ts';
import { fields, list, text } from './json.ts';
import { refuse } from './openai-failures.ts';
import { ownTexts } from './own-texts.ts';

/** OpenAI's Chat Completions API, as Qwen Code and OpenCode use it. */
export const chat: Dialect = {
  name: 'chat',
  serves: (path) => path.endsWith('/chat/completions'),
  read,
  json,
  stream,
  refuse,
};

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

function read(body: unknown): Ask {
  const request = fields(body);
  const messages = list(request['messages']).map(fields);
  return {
    model: text(request['model']),
    streams: request['stream'] === true,
    offersTools: list(request['tools']).length > 0,
    wantsJson: false,
    userTexts: messages
      .filter(({ role }) => role === 'user')
      .flatMap(({ content }) =>
        ownTexts(typeof content === 'string' ? [content] : list(content).map((part) => text(fields(part)['text']))),
      ),
    asks: messages.at(-1)?.['role'] === 'tool' ? 'tool-result' : 'prompt',
  };
}

function json(reply: Reply) {
  const calls = toolCalls(reply);
  const message = { role: 'assistant', content: reply.pieces.join(''), ...(calls && { tool_calls: calls }) };
  const choices = [{ index: 0, message, finish_reason: finishReason(reply) }];
  return { ...envelope(reply), object: 'chat.completion', choices, usage: USAGE };
}

function stream(reply: Reply): Stream {
  const chunk = (delta: object, finish: string | null = null) =>
    sse({ ...envelope(reply), choices: [{ index: 0, delta, finish_reason: finish }] });
  const calls = toolCalls(reply);
  return {
    head: [chunk({ role: 'assistant', content: '' })],
    pieces: reply.pieces.map((content) => chunk({ content })),
    tail: [
      ...(calls ? [chunk({ tool_calls: calls })] : []),
      chunk({}, finishReason(reply)),
      sse({ ...envelope(reply), choices: [], usage: USAGE }),
      sse('[DONE]'),
    ],
  };
}

function envelope({ id, model }: Reply) {
  return { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: Math.floor(Date.now() / 1000), model };
}

function toolCalls({ id, tools }: Reply) {
  if (tools.length === 0) return undefined;
  return tools.map(({ name, input }, index) => {
    const called = { name, arguments: JSON.stringify(input) };
    return { index, id: `call_${id}${index}`, type: 'function', function: called };
  });
}

function finishReason({ tools }: Reply) {
  return tools.length === 0 ? 'stop' : 'tool_calls';
}
