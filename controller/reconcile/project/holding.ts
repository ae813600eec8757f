import type { AgentReading } from '../../api/agent-reading.ts';
import { policyOf } from '../../api/class-look.ts';
import type { Desired, DesiredAgent } from '../../api/desired.ts';
import type { AgentStatus } from '../../api/generated/all.ts';
import { type AccountState, type HealthLook, isBefore } from '../../api/health.ts';
import type { LaunchObstacle } from '../../api/observed.ts';

/** Why an agent that does not run is not started: something of the account that it shares with others. */
export interface Hold {
  readonly obstacle: LaunchObstacle;
  /** Milliseconds since the epoch; absent where nobody knows. */
  readonly until?: number;
}

/** What is wanted of the project, and how the accounts of its agents stand. */
export interface HoldInput {
  readonly desired: Desired;
  readonly health: HealthLook;
}

type Policy = 'resume' | 'wait' | 'own';

/** What the agent's project, or else its class, says of what stops its account's agents. */
export function limitsPolicy({ desired }: Pick<HoldInput, 'desired'>, { program }: DesiredAgent): Policy {
  const own = desired.type === 'Present' ? policyOf(desired.project.annotations) : undefined;
  return own ?? program.limits?.policy ?? 'resume';
}

export function accountFor(input: HoldInput, agent: DesiredAgent | undefined): AccountState | undefined {
  return input.health.accounts.find((account) => account.class === agent?.class);
}

/** Nothing can be expected of an agent whose account is out of order. */
export function isOutOfOrder(account: AccountState | undefined): boolean {
  return account?.loginLostAt !== undefined || account?.limitedUntil !== undefined;
}

/** What keeps an agent from being started while its account is out of order. */
export function holdOf(input: HoldInput, agent: DesiredAgent, previous: AgentStatus | undefined): Hold | undefined {
  const account = accountFor(input, agent);
  if (account === undefined) return undefined;
  const { name } = agent;
  if (account.loginLostAt !== undefined) {
    const message = account.authenticated?.message ?? 'the login is lost';
    return { obstacle: { agent: name, reason: 'AccountHeld', message } };
  }
  if (account.obstacle !== undefined && concernsProgram(account, agent) && !bringsItsLogin(account, agent)) {
    return { obstacle: { agent: name, ...account.obstacle } };
  }
  return limitHold(account, agent, { policy: limitsPolicy(input, agent), previous });
}

/** An agent that names a program of its own needs not that of its class, unless the class insists. */
function concernsProgram({ obstacle }: AccountState, { argv, program }: DesiredAgent): boolean {
  return obstacle?.reason !== 'ProgramMissing' || program.program !== undefined || argv[0] === program.command?.[0];
}

/** What was asked is whether the controller's environment holds a login; an agent may be given one of its own. */
export function bringsItsLogin({ obstacle }: AccountState, { env, program }: DesiredAgent): boolean {
  const names = program.auth?.env ?? [];
  const isSet = (one: DesiredAgent['env'][number]) => !('value' in one && one.value === '');
  return obstacle?.reason === 'NotLoggedIn' && env.some((one) => names.includes(one.name) && isSet(one));
}

interface LimitContext {
  readonly policy: Policy;
  readonly previous: AgentStatus | undefined;
}

function limitHold(
  { limitedUntil, withinLimits }: AccountState,
  { name }: DesiredAgent,
  { policy, previous }: LimitContext,
): Hold | undefined {
  if (policy === 'own') return undefined;
  if (limitedUntil !== undefined) {
    const message = withinLimits?.message ?? 'at its usage limit';
    return { obstacle: { agent: name, reason: 'AccountHeld', message }, until: limitedUntil };
  }
  // It ended at the limit, and a person is to say when it goes on.
  if (policy !== 'wait' || previous?.lastExit?.kind !== 'Limit' || previous.lastExit.run !== previous.run) {
    return undefined;
  }
  const message = 'it ended at a usage limit that is over; annotate the project with muxlet.dev/limits=resume to go on';
  return { obstacle: { agent: name, reason: 'AccountHeld', message } };
}

/** Whether the agent shows a loss of the login from before it came back, so that only a new start helps it. */
export function missedLogin(
  account: AccountState | undefined,
  reading: AgentReading | undefined,
  now: number,
): boolean {
  if (account?.restoredAt === undefined || account.loginLostAt !== undefined) return false;
  return reading?.state === 'NeedsAuth' && isBefore(reading.at, account.restoredAt, now);
}
