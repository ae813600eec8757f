import { refuse } from './anthropic-failures.ts';
import { type Ask, type Dialect, type Reply, type Stream, sse } from './dialect.ts';
import { fields, list, text } from './json.ts';
import { ownTexts } from './own-texts.ts';

/** Anthropic's Messages API, as Claude Code uses it. */
export const anthropic: Dialect = {
  name: 'anthropic',
  serves: (path) => path.endsWith('/messages'),
  read,
  json,
  stream,
  refuse,
};

function read(body: unknown): Ask {
  const request = fields(body);
  const turns = list(request['messages'])
    .map(fields)
    .filter(({ role }) => role === 'user')
    .map(({ content }) =>
      typeof content === 'string' ? [{ type: 'text', text: content }] : list(content).map(fields),
    );
  return {
    model: text(request['model']),
    streams: request['stream'] === true,
    offersTools: list(request['tools']).length > 0,
    wantsJson: false,
    userTexts: turns.flatMap((blocks) => ownTexts(blocks.map((block) => text(fields(block)['text'])))),
    asks: turns.at(-1)?.some(({ type }) => type === 'tool_result') === true ? 'tool-result' : 'prompt',
  };
}

function json({ id, model, pieces, tools, inputTokens }: Reply) {
  const content = [
    { type: 'text', text: pieces.join('') },
    ...tools.map(({ name, input }, index) => ({ type: 'tool_use', id: `toolu_${id}${index}`, name, input })),
  ];
  return {
    ...message({ id, model, inputTokens }),
    content,
    stop_reason: stopReason(tools),
    usage: { input_tokens: inputTokens, output_tokens: 5 },
  };
}

function stream({ id, model, pieces, tools, inputTokens }: Reply): Stream {
  const event = (type: string, rest: object) => sse({ type, ...rest }, type);
  const toolBlocks = tools.flatMap(({ name, input }, at) => {
    const index = at + 1;
    const block = { type: 'tool_use', id: `toolu_${id}${at}`, name, input: {} };
    const delta = { type: 'input_json_delta', partial_json: JSON.stringify(input) };
    return [
      event('content_block_start', { index, content_block: block }),
      event('content_block_delta', { index, delta }),
      event('content_block_stop', { index }),
    ];
  });
  return {
    head: [
      event('message_start', { message: message({ id, model, inputTokens }) }),
      event('ping', {}),
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ],
    pieces: pieces.map((piece) =>
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: piece } }),
    ),
    tail: [
      event('content_block_stop', { index: 0 }),
      ...toolBlocks,
      event('message_delta', {
        delta: { stop_reason: stopReason(tools), stop_sequence: null },
        usage: { output_tokens: 5 },
      }),
      event('message_stop', {}),
    ],
  };
}

function message({ id, model, inputTokens }: Pick<Reply, 'id' | 'model' | 'inputTokens'>) {
  return {
    id: `msg_${id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: inputTokens, output_tokens: 1 },
  };
}

function stopReason(tools: Reply['tools']) {
  return tools.length === 0 ? 'end_turn' : 'tool_use';
}
