import type { AgentReading } from '../../api/agent-reading.ts';
import type { ClassLook } from '../../api/class-look.ts';
import type { LoginStatus } from '../../api/generated/all.ts';
import { isAhead, isBefore } from '../../api/health.ts';

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
 * had failed, when a file of the login or the variable that holds it changed, or when an agent was given work after the
 * loss and did it.
 */
export function decideLogin(input: LoginInput): LoginDecision {
  return input.previous?.lostAt === undefined ? whileHad(input) : whileLost(input, Date.parse(input.previous.lostAt));
}

function whileHad({ previous, look, readings, now }: LoginInput): LoginDecision {
  // What an agent has shown since before the login came back is what it is started anew for, and no new loss.
  // Where the clock was set back, it counts from now: nobody waits for the clock to catch up.
  const restoredAt = previous?.restoredAt === undefined ? 0 : Math.min(now, Date.parse(previous.restoredAt));
  const isNew = ({ at }: AgentReading): boolean => restoredAt === 0 || !isBefore(at, restoredAt, now);
  const lost = readings.filter((reading) => reading.state === 'NeedsAuth' && isNew(reading));
  if (lost.length === 0) {
    return { login: restoredAt === 0 ? previous : { ...previous, restoredAt: iso(restoredAt) } };
  }
  const check = checkOf(look);
  return {
    change: 'Lost',
    login: {
      lostAt: iso(Math.min(now, ...lost.map(({ at }) => at))),
      ...(previous?.restoredAt !== undefined && { restoredAt: previous.restoredAt }),
      ...(check === 'Failed' && { check }),
      ...(look?.credential !== undefined && { credential: look.credential }),
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
  const changed = check !== 'Failed' && filesChanged(previous, news, { lostAt, now });
  // The environment is that of the controller: it is another one only where another controller was started.
  const isAnother =
    previous?.credential !== undefined && news?.credential !== undefined && news.credential !== previous.credential;
  const isBack = passesAgain || changed || isAnother || readings.some((reading) => worksSince(reading, lostAt));
  if (isBack) return { login: { restoredAt: iso(now) }, change: 'Restored' };
  const credential = previous?.credential ?? news?.credential;
  const filesAt = previous?.filesAt ?? (news?.filesAt === undefined ? undefined : iso(news.filesAt));
  return {
    login: {
      ...previous,
      lostAt: iso(lostAt),
      ...(check === 'Failed' && { check }),
      ...(filesAt !== undefined && { filesAt }),
      ...(credential !== undefined && { credential }),
    },
  };
}

/** From the first look after the loss on, whatever differs from what that showed has changed since. */
function filesChanged(
  previous: LoginStatus | undefined,
  look: ClassLook | undefined,
  { lostAt, now }: { readonly lostAt: number; readonly now: number },
): boolean {
  if (look?.filesAt === undefined) return false;
  if (previous?.filesAt !== undefined) return look.filesAt !== Date.parse(previous.filesAt);
  return look.filesAt >= lostAt && !isAhead(look.filesAt, now);
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
