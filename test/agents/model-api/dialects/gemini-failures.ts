import type { FailureBehaviour } from '../behaviour.ts';
import type { Refusal } from './dialect.ts';

/** google.rpc.Status bodies, as the Gemini API sends them. */
export function refuse({ failure, retryAfter, resetsAt = 0 }: FailureBehaviour): Refusal {
  switch (failure) {
    case 'unauthorized':
      return status(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    case 'revoked':
      return status(400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.', [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
      ]);
    case 'forbidden':
      return status(403, 'PERMISSION_DENIED', 'The caller does not have permission.');
    case 'rate-limited':
      return status(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted.', [
        ...quota('GenerateRequestsPerMinutePerProjectPerModel'),
        ...(retryAfter === undefined ? [] : retry(retryAfter)),
      ]);
    case 'usage-limited': {
      const wait = Math.max(0, resetsAt - Math.floor(Date.now() / 1000));
      return status(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [
        ...quota('GenerateRequestsPerDayPerProjectPerModel'),
        ...retry(wait),
      ]);
    }
    case 'quota-exceeded':
      return status(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check your plan.', [
        ...quota('GenerateRequestsPerDayPerProjectPerModel'),
      ]);
    case 'context-full':
      return status(400, 'INVALID_ARGUMENT', 'The input token count exceeds the maximum number of tokens allowed.');
    case 'model-unknown':
      return status(404, 'NOT_FOUND', 'The model is not found for API version v1beta.');
    case 'server-error':
      return status(500, 'INTERNAL', 'An internal error has occurred.');
    case 'overloaded':
      return status(529, 'UNAVAILABLE', 'The model is overloaded.');
    case 'unavailable':
      return status(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.');
  }
}

function status(code: number, name: string, message: string, details: readonly object[] = []): Refusal {
  return { status: code, body: { error: { code, message, status: name, ...(details.length > 0 && { details }) } } };
}

function quota(quotaId: string) {
  return [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] }];
}

function retry(seconds: number) {
  return [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` }];
}
