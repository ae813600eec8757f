import type { FailureBehaviour } from '../behaviour.ts';
import type { Refusal } from './dialect.ts';

/**
 * Headers and bodies that Claude Code 2.1.329 tells apart. Those of a usage limit are a reconstruction: the program took
 * them for one (with an OAuth token; with an API key it tries again).
 */
export function refuse({ failure, retryAfter, resetsAt = 0 }: FailureBehaviour): Refusal {
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  switch (failure) {
    case 'unauthorized':
      return error(401, 'authentication_error', 'invalid x-api-key');
    case 'revoked':
      return error(403, 'permission_error', 'OAuth token has been revoked. Please obtain a new token.');
    case 'forbidden':
      return error(403, 'permission_error', 'Your account does not have permission to use this model.');
    case 'rate-limited':
      return error(429, 'rate_limit_error', "This request would exceed your account's rate limit.", headers);
    case 'usage-limited':
      return error(429, 'rate_limit_error', "This request would exceed your account's usage limit.", {
        ...headers,
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-reset': String(resetsAt),
        'anthropic-ratelimit-unified-representative-claim': 'five_hour',
      });
    case 'quota-exceeded':
      return error(400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.');
    case 'context-full':
      return error(400, 'invalid_request_error', 'prompt is too long: 200001 tokens > 200000 maximum');
    case 'model-unknown':
      return error(404, 'not_found_error', 'model: no-such-model');
    case 'server-error':
      return error(500, 'api_error', 'Internal server error');
    case 'overloaded':
      return error(529, 'overloaded_error', 'Overloaded', headers);
    case 'unavailable':
      return error(503, 'api_error', 'Service unavailable', headers);
  }
}

function error(status: number, type: string, message: string, headers: Readonly<Record<string, string>> = {}): Refusal {
  return { status, headers, body: { type: 'error', error: { type, message }, request_id: 'req_mock' } };
}
