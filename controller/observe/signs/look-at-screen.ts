import type { SignSeen } from '../../api/completing.ts';
import type { Look } from '../../api/look.ts';
import { matchesOf, patternOf } from '../../api/reading/pattern.ts';
import type { TmuxChannel } from '../../tmux/reply.ts';
import { capturePaneOutput } from '../pane-output.ts';

export interface ScreenQuestion {
  readonly uid: string;
  readonly run: string;
  readonly pane: { readonly id: string };
  readonly matching: string;
}

/** Whether a line on an agent's screen matches. The line itself is not told: it may hold a secret. */
export async function lookAtScreen(
  server: TmuxChannel,
  { uid, run, pane, matching }: ScreenQuestion,
  now: () => number,
): Promise<Look<SignSeen>> {
  const output = await capturePaneOutput(server, pane, 1);
  if (output === undefined || output.mark.uid !== uid || output.mark.run !== run) {
    return { state: 'Unknown', at: now(), reason: 'NotLooked', message: 'its screen could not be read' };
  }
  const pattern = patternOf(matching, 'u');
  const met = output.screen.some((line) => matchesOf(pattern, line).length > 0);
  const message = met ? `its screen shows /${matching}/` : `nothing on its screen matches /${matching}/`;
  return { state: 'Known', at: now(), value: { met, message } };
}
