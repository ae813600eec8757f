import type { Reason } from '../api/reasons.ts';
import type { Reply } from './reply.ts';

/** The reason under which a reply that is none is reported. `Gone` is knowledge, not a failure, and not asked here. */
export function failureReason(reply: Exclude<Reply, { type: 'Done' }>): Reason {
  switch (reply.type) {
    case 'Refused':
      return 'TmuxError';
    case 'Unresponsive':
      return 'TmuxUnresponsive';
    case 'Gone':
    case 'Unreachable':
      return 'TmuxUnreachable';
  }
}
