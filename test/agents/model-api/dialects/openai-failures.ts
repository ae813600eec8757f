import type { FailureBehaviour } from '../behaviour.ts';
import type { Refusal } from './dialect.ts';

/** Of the Responses and the Chat Completions API alike; the limit bodies are those that Codex 0.169.0 tells apart. */
export function refuse({ failure, retryAfter, resetsAt = 0 }: FailureBehaviour): Refusal {
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  switch (failure) {
    case 'unauthorized':
      return error(401, {
        type: 'invalid_request_error',
        code: 'invalid_api_key',
        message: 'Incorrect API key provided.',
      });
    case 'revoked':
      return error(401, { type: 'invalid_request_error', code: 'token_revoked', message: 'Your token was revoked.' });
    case 'forbidden':
      return error(403, { type: 'permission_error', code: 'forbidden', message: 'You may not use this model.' });
    case 'rate-limited':
      return error(429, { type: 'requests', code: 'rate_limit_exceeded', message: 'Rate limit reached.' }, headers);
    case 'usage-limited': {
      const message = 'The usage limit has been reached';
      return error(429, { type: 'usage_limit_reached', message, plan_type: 'plus', resets_at: resetsAt }, headers);
    }
    case 'quota-exceeded':
      return error(429, {
        type: 'insufficient_quota',
        code: 'insufficient_quota',
        message: 'You exceeded your current quota, please check your plan and billing details.',
      });
    case 'context-full':
      return error(400, {
        type: 'invalid_request_error',
        code: 'context_length_exceeded',
        message: 'Your input exceeds the context window of this model.',
      });
    case 'model-unknown':
      return error(404, { type: 'invalid_request_error', code: 'model_not_found', message: 'No such model.' });
    case 'server-error':
      return error(500, { type: 'server_error', code: 'server_error', message: 'Internal server error.' });
    case 'overloaded':
      return error(529, { type: 'server_error', code: 'overloaded', message: 'Overloaded.' }, headers);
    case 'unavailable': {
      const message = 'Our servers are currently overloaded.';
      return error(503, { type: 'service_unavailable_error', code: 'server_is_overloaded', message }, headers);
    }
  }
}

function error(status: number, fields: object, headers: Readonly<Record<string, string>> = {}): Refusal {
  return { status, headers, body: { error: { param: null, ...fields } } };
}
