import { type Ask, type Dialect, type Reply, type Stream, sse } from './dialect.ts';
import { fields, list, text } from './json.ts';
import { refuse } from './openai-failures.ts';
import { ownTexts } from './own-texts.ts';

/** OpenAI's Responses API, as Codex uses it. */
export const responses: Dialect = {
  name: 'responses',
  serves: (path) => path.endsWith('/responses'),
  read,
  json: (reply) => finished(reply),
  stream,
  refuse,
};

function read(body: unknown): Ask {
  const request = fields(body);
  const input = typeof request['input'] === 'string' ? [{ role: 'user', content: request['input'] }] : request['input'];
  const items = list(input).map(fields);
  const users = items.filter(({ role }) => role === 'user');
  return {
    model: text(request['model']),
    streams: request['stream'] === true,
    offersTools: list(request['tools']).length > 0,
    wantsJson: false,
    userTexts: users.flatMap(({ content }) =>
      ownTexts(typeof content === 'string' ? [content] : list(content).map((part) => text(fields(part)['text']))),
    ),
    asks: String(items.at(-1)?.['type']).endsWith('_call_output') ? 'tool-result' : 'prompt',
  };
}

function stream(reply: Reply): Stream {
  const event = (type: string, rest: object) => sse({ type, ...rest }, type);
  const { item, calls } = items(reply);
  const place = { item_id: item.id, output_index: 0, content_index: 0 };
  const toolEvents = calls.flatMap((call, at) => {
    const where = { output_index: at + 1 };
    return [
      event('response.output_item.added', { ...where, item: { ...call, arguments: '', status: 'in_progress' } }),
      event('response.function_call_arguments.done', { ...where, item_id: call.id, arguments: call.arguments }),
      event('response.output_item.done', { ...where, item: call }),
    ];
  });
  return {
    head: [
      event('response.created', { response: { ...envelope(reply), status: 'in_progress', output: [] } }),
      event('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } }),
    ],
    pieces: reply.pieces.map((delta) => event('response.output_text.delta', { ...place, delta })),
    tail: [
      event('response.output_text.done', { ...place, text: reply.pieces.join('') }),
      event('response.output_item.done', { output_index: 0, item }),
      ...toolEvents,
      event('response.completed', { response: finished(reply) }),
    ],
  };
}

function items({ id, pieces, tools }: Reply) {
  const content = [{ type: 'output_text', text: pieces.join(''), annotations: [] }];
  const item = { id: `msg_${id}`, type: 'message', role: 'assistant', status: 'completed', content };
  const calls = tools.map((tool, index) => {
    // Some tools stand in a namespace.
    const [name = '', namespace] = tool.name.split('.').toReversed();
    return {
      id: `fc_${id}${index}`,
      type: 'function_call',
      call_id: `call_${id}${index}`,
      name,
      ...(namespace !== undefined && { namespace }),
      arguments: JSON.stringify(tool.input),
      status: 'completed',
    };
  });
  return { item, calls };
}

function envelope({ id, model }: Reply) {
  return { id: `resp_${id}`, object: 'response', created_at: Math.floor(Date.now() / 1000), model };
}

function finished(reply: Reply) {
  const { item, calls } = items(reply);
  return {
    ...envelope(reply),
    status: 'completed',
    output: [item, ...calls],
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 15,
    },
  };
}
