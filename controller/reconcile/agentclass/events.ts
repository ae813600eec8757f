import type { EventNote } from '../../api/decision.ts';
import type { AgentClassStatus } from '../../api/generated/all.ts';
import type { ClassInput } from './class-input.ts';
import { conditionOf } from './conditions.ts';
import type { LimitChange } from './limit.ts';
import type { LoginChange } from './login.ts';

interface Changes {
  readonly login: LoginChange | undefined;
  readonly limit: LimitChange | undefined;
}

/** What a person is told of the class: each change once, however many agents it concerns. */
export function eventsOf({ name, previous }: ClassInput, status: AgentClassStatus, changes: Changes): EventNote[] {
  return [...findings(previous, status), ...loginEvents(name, status, changes), ...limitEvents(name, status, changes)];
}

/** What keeps agents from being started, or may, is told when it is found. */
function findings(before: AgentClassStatus | undefined, after: AgentClassStatus): EventNote[] {
  return after.conditions.flatMap(({ type, status, reason, message }): EventNote[] => {
    const worthTelling = status === 'False' && type !== 'WithinLimits' && reason !== 'LoginLost';
    if (!worthTelling || conditionOf(before, type)?.reason === reason) return [];
    return [{ type: 'Warning', reason: reason as EventNote['reason'], message }];
  });
}

function loginEvents(name: string, { agents }: AgentClassStatus, { login }: Changes): EventNote[] {
  switch (login) {
    case 'Lost': {
      const message = `the login of class ${name} is lost; its ${agents} agents are held until it is back`;
      return [{ type: 'Warning', reason: 'LoginLost', message }];
    }
    case 'Restored':
      return [{ type: 'Normal', reason: 'AccountRestored', message: `the login of class ${name} is back` }];
    case undefined:
      return [];
  }
}

function limitEvents(name: string, { agents, limit }: AgentClassStatus, { limit: change }: Changes): EventNote[] {
  switch (change) {
    case 'Reached': {
      const end = limit?.until ?? 'an unknown time';
      const message = `class ${name} is at its usage limit until ${end}, and so are its ${agents} agents`;
      return [{ type: 'Warning', reason: 'UsageLimit', message }];
    }
    case 'Over':
      return [{ type: 'Normal', reason: 'LimitOver', message: `the usage limit of class ${name} is over` }];
    case undefined:
      return [];
  }
}
