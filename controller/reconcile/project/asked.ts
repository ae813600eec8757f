import { OVERLAY, type Overlay } from '../../api/admission.ts';
import type { ProjectInput } from '../../api/decision.ts';
import type { AgentStatus } from '../../api/generated/all.ts';
import type { Life } from './life.ts';

interface Candidate {
  readonly name: string;
  readonly life: Life;
  readonly previous: AgentStatus | undefined;
}

/** The runs that something is asked of, by agent. They name runs: what was started since is left alone. */
function runsOf(overlay: Overlay, annotation: string): Readonly<Record<string, string>> {
  const text = overlay[annotation];
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
}

/** Whether the agent's present or last run is one of them. What is finished only begins anew by a reset. */
export function isRestartAsked({ name, life, previous }: Candidate, input: ProjectInput): boolean {
  if (input.previous?.run?.stage === 'Finished') return false;
  const run = 'pane' in life ? life.pane.mark.run : previous?.run;
  return run !== undefined && runsOf(input.overlay, OVERLAY.restart)[name] === run;
}

/** Whether `muxlet down` ended the run, or was about to. */
export function isTakenDown(agent: string, run: string, { overlay }: ProjectInput): boolean {
  return runsOf(overlay, OVERLAY.down)[agent] === run;
}
