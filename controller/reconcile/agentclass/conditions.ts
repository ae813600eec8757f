import { satisfies } from 'semver';
import type { AgentClassStatus, Condition, LimitStatus, LoginStatus } from '../../api/generated/all.ts';
import type { Reason } from '../../api/reasons.ts';
import type { ClassInput } from './class-input.ts';
import { wrongPatterns } from './patterns.ts';

interface ClassFact {
  readonly type: 'Accepted' | 'ProgramFound' | 'VersionSeen' | 'Authenticated' | 'WithinLimits';
  readonly status: Condition['status'];
  readonly reason: Reason;
  readonly message: string;
}

export interface ClassState extends ClassInput {
  readonly login: LoginStatus | undefined;
  readonly limit: LimitStatus | undefined;
}

/** What is so of the class, each with the time since when. */
export function classConditions(state: ClassState): Condition[] {
  const facts = [acceptedFact, programFact, versionFact, loginFact, limitFact].map((fact) => fact(state));
  return facts.map((fact) => ({
    ...fact,
    lastTransitionTime: since(fact, state),
    observedGeneration: state.generation,
  }));
}

function since({ type, status }: ClassFact, { previous, now }: ClassState): string {
  const before = conditionOf(previous, type);
  return before?.status === status ? before.lastTransitionTime : new Date(now).toISOString();
}

export function conditionOf(status: AgentClassStatus | undefined, type: string): Condition | undefined {
  return status?.conditions.find((condition) => condition.type === type);
}

function acceptedFact({ spec }: ClassState): ClassFact {
  const wrong = wrongPatterns(spec);
  if (wrong.length === 0) return { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' };
  return { type: 'Accepted', status: 'False', reason: 'PatternInvalid', message: wrong.join('; ') };
}

function programFact({ look, previous }: ClassState): ClassFact {
  const type = 'ProgramFound';
  if (look === undefined) return asBefore(type, previous);
  const { program } = look;
  switch (program.type) {
    case 'Found':
      return { type, status: 'True', reason: 'ProgramFound', message: program.path };
    case 'Missing': {
      const message = `the program ${program.name} is not on the PATH (${program.path})`;
      return { type, status: 'False', reason: 'ProgramMissing', message };
    }
    case 'NotAsked':
      return { type, status: 'Unknown', reason: 'NotChecked', message: 'each agent names its own program' };
  }
}

/** While it is being looked at, what was found before counts: by another controller, or for another spec. */
function asBefore(type: ClassFact['type'], previous: AgentClassStatus | undefined): ClassFact {
  const before = conditionOf(previous, type);
  if (before === undefined || before.reason === 'LoginLost') {
    return { type, status: 'Unknown', reason: 'NotChecked', message: 'not looked at yet' };
  }
  return { type, status: before.status, reason: before.reason as Reason, message: before.message };
}

/** A version that nobody tried is told, and nothing is kept from starting for it. */
function versionFact({ look, spec, previous }: ClassState): ClassFact {
  const type = 'VersionSeen';
  if (look === undefined) return asBefore(type, previous);
  const { version } = look;
  if (version.type === 'Unknown') {
    return { type, status: 'Unknown', reason: 'CheckFailed', message: version.message };
  }
  const seen = spec.version?.seen;
  if (version.type === 'NotAsked' || seen === undefined) {
    return {
      type,
      status: 'Unknown',
      reason: 'NotChecked',
      message: 'the class names no versions that it was tried with',
    };
  }
  if (satisfies(version.text, seen, { includePrerelease: true })) {
    return { type, status: 'True', reason: 'VersionSeen', message: version.text };
  }
  const message = `version ${version.text} is none that the class was tried with (${seen}): what it says of the program may be out of date`;
  return { type, status: 'False', reason: 'VersionNotSeen', message };
}

function loginFact({ look, login, spec, previous }: ClassState): ClassFact {
  const type = 'Authenticated';
  const how = spec.auth?.login === undefined ? '' : `; ${spec.auth.login}`;
  if (login?.lostAt !== undefined) {
    const message = `an agent is not logged in any more: those that end wait until it is again${how}`;
    return { type, status: 'False', reason: 'LoginLost', message };
  }
  if (look === undefined) return asBefore(type, previous);
  const found = look.login;
  switch (found.type) {
    case 'Passed':
      return { type, status: 'True', reason: 'LoggedIn', message: found.message };
    case 'Failed':
      return { type, status: 'False', reason: 'NotLoggedIn', message: `not logged in: ${found.message}${how}` };
    case 'Unknown': {
      // Not to know is no news: who was not logged in is not taken to be.
      const before = conditionOf(previous, type);
      if (before?.reason === 'NotLoggedIn') {
        return { type, status: 'False', reason: 'NotLoggedIn', message: before.message };
      }
      return { type, status: 'Unknown', reason: 'CheckFailed', message: found.message };
    }
    case 'NotAsked':
      return { type, status: 'Unknown', reason: 'NotChecked', message: 'the class says no way to find out' };
  }
}

function limitFact({ limit, spec, members }: ClassState): ClassFact {
  const type = 'WithinLimits';
  if (limit?.until !== undefined) {
    const read = limit.waits === 0 ? `until ${limit.until}` : `until ${limit.until} (no time could be read)`;
    return { type, status: 'False', reason: 'UsageLimit', message: `at its usage limit ${read}` };
  }
  if (spec.reading === undefined || !members.some(({ reading }) => reading !== undefined)) {
    return { type, status: 'Unknown', reason: 'NotChecked', message: 'no agent says anything of it' };
  }
  return { type, status: 'True', reason: 'WithinLimits', message: '' };
}
