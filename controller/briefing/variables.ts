import type { DesiredAgent, DesiredBriefing } from '../api/desired.ts';
import type { TemplateVariables } from '../template/render-text.ts';
import { howItIsJudged } from './how-it-is-judged.ts';
import { howToReport } from './how-to-report.ts';

/** What a template knows beside the spec. All paths are absolute. */
export interface BriefingFacts {
  readonly project: string;
  /** The agent's own folder in the state directory. */
  readonly agentDir: string;
  /** The program by which agents speak to the controller. */
  readonly muxlet: string;
  /** The goal's text, read from its file where it stands in one; absent if the project names none. */
  readonly goal?: string;
  /** Lines of `git log --oneline`, newest first. */
  readonly commits: readonly string[];
  /** The branch of the agent's work tree; absent if it has none. */
  readonly branch?: string;
  /** Why the agent was started again, in words; absent if that is not known. */
  readonly reason?: string;
}

/** Everything that a role's template may name; what is absent is null, and null is no text. */
export function variablesOf(
  { name, workingDir, briefing }: Pick<DesiredAgent, 'name' | 'workingDir' | 'briefing'>,
  mode: 'first' | 'recovery',
  facts: BriefingFacts,
): TemplateVariables {
  const { role, repo, hub }: Partial<DesiredBriefing> = briefing ?? {};
  const judged = howItIsJudged(name, briefing ?? {});
  const first = {
    role: role?.name ?? null,
    agent: name,
    project: facts.project,
    goal: facts.goal?.trim() ?? null,
    repo: repo ?? null,
    workingDir,
    branch: facts.branch ?? null,
    agentDir: facts.agentDir,
    team: (briefing?.team ?? []).map((mate) => ({ name: mate.name, role: mate.role ?? null, class: mate.class })),
    hub: hub ?? null,
    report: howToReport({ agent: name, hub, muxlet: facts.muxlet, judged }),
    completion: judged ?? null,
  };
  return mode === 'first' ? first : { ...first, commits: facts.commits, reason: facts.reason ?? null };
}
