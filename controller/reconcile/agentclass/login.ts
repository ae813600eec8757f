import type { AgentReading } from '../../api/agent-reading.ts';
import type { ClassLook } from '../../api/class-look.ts';
import type { LoginStatus } from '../../api/generated/all.ts';

/** What is decided about the login of an account is decided from this. */
export interface LoginInput {
  readonly previous: LoginStatus | undefined;
  readonly look: ClassLook | undefined;
  /** Of the agents of the class that run. */
  readonly readings: readonly AgentReading[];
  readonly now: number;
}

export type LoginChange = 'Lost' | 'Restored';

export interface LoginDecision {
  readonly login: LoginStatus | undefined;
  readonly change?: LoginChange;
}

/**
 * One agent that says it is not logged in stands for all of the account. Back is the login when the check passes that
 * had failed, when a file of the login changed, or when an agent was given work after the loss and did it.
 */
export function decideLogin(input: LoginInput): LoginDecision {
  return input.previous?.lostAt === undefined ? whileHad(input) : whileLost(input, Date.parse(input.previous.lostAt));
}

function whileHad({ previous, look, readings, now }: LoginInput): LoginDecision {
  // What an agent has shown since before the login came back is what it is started anew for, and no new loss.
  const restoredAt = previous?.restoredAt === undefined ? 0 : Date.parse(previous.restoredAt);
  const lost = readings.filter(({ state, at }) => state === 'NeedsAuth' && at > restoredAt);
  if (lost.length === 0) return { login: previous };
  const check = checkOf(look);
  return {
    change: 'Lost',
    login: {
      lostAt: iso(Math.min(now, ...lost.map(({ at }) => at))),
      ...(previous?.restoredAt !== undefined && { restoredAt: previous.restoredAt }),
      ...(check === 'Failed' && { check }),
      ...(look?.filesAt !== undefined && { filesAt: iso(look.filesAt) }),
    },
  };
}

function whileLost({ previous, look, readings, now }: LoginInput, since: number): LoginDecision {
  // Where the clock was set back, it counts from now: nobody waits for the clock to catch up.
  const lostAt = Math.min(since, now);
  // What was looked at before the loss says nothing of it.
  const news = look !== undefined && look.at >= lostAt ? look : undefined;
  const check = checkOf(news);
  const passesAgain = previous?.check === 'Failed' && check === 'Passed';
  const changed = check !== 'Failed' && filesChanged(previous, news, { since, now });
  const isBack = passesAgain || changed || readings.some((reading) => worksSince(reading, lostAt));
  if (isBack) return { login: { restoredAt: iso(now) }, change: 'Restored' };
  const filesAt = previous?.filesAt ?? (news?.filesAt === undefined ? undefined : iso(news.filesAt));
  return {
    login: {
      ...previous,
      lostAt: iso(lostAt),
      ...(check === 'Failed' && { check }),
      ...(filesAt !== undefined && { filesAt }),
    },
  };
}

/** A file that somebody had changed before the loss, after the last look at it, says nothing of it. */
function filesChanged(
  previous: LoginStatus | undefined,
  look: ClassLook | undefined,
  { since, now }: { readonly since: number; readonly now: number },
): boolean {
  if (look?.filesAt === undefined) return false;
  const before = previous?.filesAt === undefined ? undefined : Date.parse(previous.filesAt);
  if (look.filesAt === before) return false;
  // Where the clock was set back, the times do not tell which of them was first.
  const wasSetBack = since > now || (before !== undefined && before > look.at);
  return wasSetBack ? before !== undefined : look.filesAt >= since;
}

/** A turn that was under way may have had its answer from before: only one that began later proves anything. */
function worksSince({ state, turns }: AgentReading, lostAt: number): boolean {
  if (state !== 'Idle' && state !== 'Busy') return false;
  const endedWell = turns.last === 'Ends' && turns.lastAt !== undefined && turns.lastAt > lostAt;
  return endedWell && turns.prompts.some(({ at }) => at > lostAt && at <= (turns.lastAt ?? 0));
}

function checkOf(look: ClassLook | undefined): 'Passed' | 'Failed' | undefined {
  const type = look?.login.type;
  return type === 'Passed' || type === 'Failed' ? type : undefined;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
