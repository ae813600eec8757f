import type { AgentClassStatus } from './generated/all.ts';
import type { Reason } from './reasons.ts';

/** What is known of the health of a project's agents beside what they say themselves. Times: milliseconds since the epoch. */
export interface HealthLook {
  /** One for each class of the project's agents that has an account, or a program, to look at. */
  readonly accounts: readonly AccountState[];
  readonly vitals: readonly AgentVitals[];
  /** Signs of work beside what agents say themselves; absent where nobody watches for them. */
  readonly signs?: readonly SignOfWork[];
  /** Runs that the system ended for want of memory. */
  readonly outOfMemory: readonly string[];
}

/** The last output or processor time of a run. */
export interface SignOfWork {
  readonly agent: string;
  readonly run: string;
  readonly at: number;
}

export const NOTHING_OF_HEALTH: HealthLook = { accounts: [], vitals: [], outOfMemory: [] };

/** How the program and the account of an AgentClass stand: its agents hold once and together. */
export interface AccountState {
  readonly class: string;
  /** Why no agent of the class can be started: the program is missing, nobody is logged in, or nobody looked yet. */
  readonly obstacle?: { readonly reason: Reason; readonly message: string };
  /** Since when the login is lost that agents had. */
  readonly loginLostAt?: number;
  readonly restoredAt?: number;
  /** Until when the account is at its limit; absent if it is not. */
  readonly limitedUntil?: number;
  readonly limitEndedAt?: number;
  /** Agents (by uid) whose turn it is to be started anew, now that the login is back. */
  readonly restarting: readonly string[];
  readonly authenticated?: AccountFact;
  readonly withinLimits?: AccountFact;
}

/** How far ahead of the clock a time may be that was told by the same clock, in milliseconds. */
const AHEAD_MS = 60_000;

/** Whether it lies so far ahead that the clock must have been set back since. */
export function isAhead(at: number, now: number): boolean {
  return at > now + AHEAD_MS;
}

/** Whether `at` was before `other`, or no later; what lies ahead was before all that came after the clock was set back. */
export function isBefore(at: number, other: number, now: number): boolean {
  return at <= other || isAhead(at, now);
}

export interface AccountFact {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  readonly message: string;
}

/** What an agent's processes and terminal showed over the last looks. */
export interface AgentVitals {
  readonly agent: string;
  readonly run: string;
  /** Set once two looks agreed. */
  readonly stuck?: Stuck;
}

export interface Stuck {
  readonly reason: 'Hung' | 'ShellWithoutAgent';
  /** What was seen, for a person. */
  readonly message: string;
  /** Since when nothing has moved. */
  readonly since: number;
}

/** What a class's status means for its agents. */
export function accountOf(name: string, status: AgentClassStatus, restarting: readonly string[]): AccountState {
  const { login, limit } = status;
  const obstacle = obstacleOf(status);
  const authenticated = factOf(status, 'Authenticated');
  const withinLimits = factOf(status, 'WithinLimits');
  return {
    class: name,
    restarting,
    ...(obstacle !== undefined && { obstacle }),
    ...(login?.lostAt !== undefined && { loginLostAt: Date.parse(login.lostAt) }),
    ...(login?.restoredAt !== undefined && { restoredAt: Date.parse(login.restoredAt) }),
    ...(limit?.until !== undefined && { limitedUntil: Date.parse(limit.until) }),
    ...(limit?.endedAt !== undefined && { limitEndedAt: Date.parse(limit.endedAt) }),
    ...(authenticated !== undefined && { authenticated }),
    ...(withinLimits !== undefined && { withinLimits }),
  };
}

/** Of a class that is being looked at for the first time, nothing is started yet. */
export function uncheckedAccount(name: string): AccountState {
  const message = `the program and the login of class ${name} are being checked`;
  return { class: name, restarting: [], obstacle: { reason: 'NotChecked', message } };
}

function obstacleOf(status: AgentClassStatus): AccountState['obstacle'] {
  const failed = status.conditions.filter(
    ({ type, status: is, reason }) =>
      is === 'False' && (type === 'ProgramFound' || (type === 'Authenticated' && reason === 'NotLoggedIn')),
  );
  const [first] = failed;
  if (first === undefined) return undefined;
  return { reason: first.reason as Reason, message: failed.map(({ message }) => message).join('; ') };
}

function factOf(status: AgentClassStatus, type: string): AccountFact | undefined {
  const found = status.conditions.find((condition) => condition.type === type);
  if (found === undefined) return undefined;
  return { status: found.status, reason: found.reason as Reason, message: found.message };
}
