export interface ReportingAgent {
  readonly agent: string;
  /** The agent to whom reports go, if there is one. */
  readonly hub: string | undefined;
  /** Absolute path of the program. */
  readonly muxlet: string;
  /** How it is judged whether the work is done, if that was said. */
  readonly judged: string | undefined;
}

/** How an agent speaks to the controller and to its team: the same words for every role. */
export function howToReport({ agent, hub, muxlet, judged }: ReportingAgent): string {
  // A program that runs commands in a login shell gets the PATH of that, in which muxlet is not.
  return `\`muxlet\` is on your PATH; where a shell does not find it, call it ${muxlet}. Report with it, from your shell:
  muxlet report done "what is finished, and how you checked it"
  muxlet report blocked "what stops you, what you tried, what you need"
  muxlet report question "what you must know, and what you assume if nobody answers"
  muxlet report status "where you are, and what comes next"
  muxlet send --to NAME "text for one agent of the team"
${whoHears(agent, hub)} What you only print on your screen is read by nobody.${judged === undefined ? '' : `\n${judged}`}`;
}

function whoHears(agent: string, hub: string | undefined): string {
  if (hub === undefined) return 'Reports are kept for the person who runs the project.';
  if (hub === agent) return 'Reports of the others come to you; yours go to the person who runs the project.';
  return `Reports go to ${hub}.`;
}
