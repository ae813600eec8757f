/** The login that all agents of a class share, lost and given back. */
import { type Machine } from './machine.ts';
import { moodOf } from './processes.ts';

/** What works notices that its login is gone, and goes on saying so whatever becomes of the login. */
export function loseLogin(machine: Machine, isSeenByCheck: boolean): void {
  if (!machine.account.isLoggedIn) return;
  // Given back and lost at one moment, nobody can tell which came last.
  const isMixedUp = machine.account.filesAt === machine.clock.now();
  machine.account = { ...machine.account, isLoggedIn: false, isSeenByCheck, isMixedUp };
  for (const process of machine.processes.values()) {
    if (process.mood.hungSince !== undefined || process.mood.says === 'NeedsAuth') continue;
    process.mood = moodOf(machine, 'NeedsAuth');
    if (process.launch !== undefined) machine.onMood(process.launch.project, 0);
  }
}

export function logIn(machine: Machine): void {
  const { clock, account } = machine;
  machine.account = {
    ...account,
    isLoggedIn: true,
    isMixedUp: false,
    filesAt: clock.now(),
    loggedInSince: clock.elapsed(),
  };
}
