import { setTimeout as pause } from 'node:timers/promises';
import { keyOf } from '../api/key.ts';
import type { Report } from '../api/report.ts';
import { readState } from '../store/state/read-state.ts';

/** So often it is looked whether the controller has heard it, with so many milliseconds between. */
const LOOKS = 40;
const LOOK_MS = 50;

/**
 * What is missing of finished work, once the controller has taken a report in; undefined if nobody can tell: no controller
 * runs, it is slow, or no rules were given.
 */
export async function missingAfter(
  { project, agent, at }: Report,
  state: string,
): Promise<readonly string[] | undefined> {
  for (let left = LOOKS; left > 0; left -= 1) {
    const status = readState(state).object(keyOf('Project', project))?.status;
    if (status === undefined || status.completion === undefined) return undefined;
    const heard = status.agents.find(({ name }) => name === agent)?.report?.at;
    if (heard !== undefined && Date.parse(heard) >= at) {
      const { rules } = status.completion;
      return rules.filter(({ status: is }) => is !== 'True').map(({ name, message }) => `${name}: ${message}`);
    }
    await pause(LOOK_MS);
  }
  return undefined;
}
