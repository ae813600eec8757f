// The requests that coding agents send, as small as they may be: what the API's own tests ask with.
import type { DialectName } from './dialects/dialect.ts';

export interface Turn {
  readonly base: string;
  /** The user's messages so far; the model's answers between them are made up. */
  readonly says: readonly string[];
  readonly streams?: boolean;
  /** Whether tools are offered; they are unless told. */
  readonly tools?: boolean;
  readonly signal?: AbortSignal;
}

export const DIALECT_NAMES: readonly DialectName[] = ['anthropic', 'responses', 'chat', 'gemini'];

const MODEL = 'model-1';

export function post(dialect: DialectName, turn: Turn): Promise<Response> {
  const { path, body, headers } = REQUESTS[dialect](turn);
  return fetch(`${turn.base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(turn.signal && { signal: turn.signal }),
  });
}

/** The text of an answer in either form. */
export function textOf(dialect: DialectName, body: string): string {
  const events = body.startsWith('{') ? [JSON.parse(body)] : eventsOf(body);
  return events.map((event) => TEXTS[dialect](event) ?? '').join('');
}

/** The data of each server-sent event that is JSON. */
export function eventsOf(body: string): Wired[] {
  return [...body.matchAll(/^data: (\{.*\})$/gm)].map(([, data = '']) => JSON.parse(data));
}

/** Another's JSON, of which a test names the fields that it looks at. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Wired = any;

interface Wire {
  readonly path: string;
  readonly body: object;
  readonly headers: Record<string, string>;
}

/** User and model in turn. */
function conversation<T>(says: readonly string[], user: (text: string) => T, model: (text: string) => T): T[] {
  return says.flatMap((text, index) => (index === 0 ? [user(text)] : [model('Done.'), user(text)]));
}

const REQUESTS: Readonly<Record<DialectName, (turn: Turn) => Wire>> = {
  anthropic: ({ says, streams = false, tools = true }) => ({
    path: '/v1/messages?beta=true',
    headers: { 'x-api-key': 'made-up' },
    body: {
      model: MODEL,
      stream: streams,
      ...(tools && { tools: [{ name: 'Bash' }] }),
      messages: conversation<object>(
        says,
        (text) => ({ role: 'user', content: [{ type: 'text', text }] }),
        (text) => ({ role: 'assistant', content: text }),
      ),
    },
  }),
  responses: ({ says, streams = false, tools = true }) => ({
    path: '/v1/responses',
    headers: { authorization: 'Bearer made-up' },
    body: {
      model: MODEL,
      stream: streams,
      ...(tools && { tools: [{ type: 'function', name: 'exec_command' }] }),
      input: conversation<object>(
        says,
        (text) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }),
        (text) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }),
      ),
    },
  }),
  chat: ({ says, streams = false, tools = true }) => ({
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer made-up' },
    body: {
      model: MODEL,
      stream: streams,
      ...(tools && { tools: [{ type: 'function', function: { name: 'bash' } }] }),
      messages: [
        { role: 'system', content: 'You are a test.' },
        ...conversation<object>(
          says,
          (text) => ({ role: 'user', content: text }),
          (text) => ({ role: 'assistant', content: text }),
        ),
      ],
    },
  }),
  gemini: ({ says, streams = false, tools = true }) => ({
    path: `/v1beta/models/${MODEL}:${streams ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: { 'x-goog-api-key': 'made-up' },
    body: {
      ...(tools && { tools: [{ functionDeclarations: [{ name: 'run_shell_command' }] }] }),
      contents: conversation<object>(
        says,
        (text) => ({ role: 'user', parts: [{ text }] }),
        (text) => ({ role: 'model', parts: [{ text }] }),
      ),
    },
  }),
};

const TEXTS: Readonly<Record<DialectName, (event: Wired) => string | undefined>> = {
  anthropic: (event) => event.delta?.text ?? event.content?.[0]?.text,
  responses: (event) => (event.type === undefined ? event.output?.[0]?.content[0].text : textDelta(event)),
  chat: (event) => event.choices?.[0]?.delta?.content ?? event.choices?.[0]?.message?.content,
  gemini: (event) => event.candidates?.[0]?.content.parts[0].text,
};

function textDelta(event: { readonly type: string; readonly delta?: string }): string | undefined {
  return event.type === 'response.output_text.delta' ? event.delta : undefined;
}
