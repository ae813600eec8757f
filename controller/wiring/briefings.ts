import { join } from 'node:path';
import type { Owner } from '../api/action.ts';
import type { Decision, ProjectInput } from '../api/decision.ts';
import type { Desired, DesiredAgent } from '../api/desired.ts';
import { MuxletError } from '../api/errors.ts';
import type { AgentStatus } from '../api/generated/all.ts';
import { agentFiles, type LaunchMode } from '../api/launch-record.ts';
import { agentUid } from '../api/metadata.ts';
import type { Word } from '../api/word.ts';
import { briefingOf } from '../briefing/brief.ts';
import { endInWords } from '../briefing/end-in-words.ts';
import { readGoal } from '../briefing/goal.ts';
import { recentCommits } from '../briefing/recent-commits.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface BriefingsOptions {
  /** Absolute: state/. */
  readonly state: string;
  readonly env: Env;
  /** The branch of an agent's work tree, as it was seen. */
  readonly branchOf?: (projectUid: string, agent: string) => string | undefined;
}

export interface Briefings {
  /** Makes a decision tell of its ends, before it is carried out: why an agent is started again is part of a briefing. */
  noting(decide: (input: ProjectInput) => Decision): (input: ProjectInput) => Decision;
  /**
   * The text for one start of an agent; undefined if there is nothing to tell it. One that ran before is told of that,
   * whether or not its conversation goes on.
   *
   * @throws MuxletError if it cannot be made: the agent is not to be started without it.
   */
  textOf(owner: Owner, agent: DesiredAgent, mode: LaunchMode): Promise<string | undefined>;
  /**
   * What a word says; undefined if there is nothing to say, or nobody to say it to.
   *
   * @throws MuxletError if it cannot be made.
   */
  wordOf(word: Word, desired: Desired): Promise<string | undefined>;
}

interface Occasion {
  /** It never ran before, as far as is known. */
  readonly isFirst: boolean;
  readonly reason: string | undefined;
}

export function createBriefings({ state, env, branchOf }: BriefingsOptions): Briefings {
  const agents = join(state, 'agents');
  const muxlet = join(state, 'bin', 'muxlet');
  /** By the agent's uid. */
  const ends = new Map<string, string>();

  function note(projectUid: string, agents: readonly AgentStatus[]): void {
    for (const agent of agents) {
      const uid = agentUid(projectUid, agent.name);
      const end = endInWords(agent);
      if (end === undefined) ends.delete(uid);
      else ends.set(uid, end);
    }
  }

  async function render(owner: Owner, agent: DesiredAgent, { isFirst, reason }: Occasion): Promise<string | undefined> {
    if (agent.briefing === undefined) return undefined;
    const goal = await readGoal(agent.briefing.goal);
    if (goal.type === 'Unreadable') throw new MuxletError('MUX_SPEC_INVALID', goal.message);
    const branch = branchOf?.(owner.uid, agent.name) ?? agent.workTree?.branch;
    return briefingOf(agent, isFirst ? 'first' : 'recovery', {
      project: owner.project,
      agentDir: agentFiles(agents, owner.uid, agent.name).directory,
      muxlet,
      ...goal.known,
      ...(branch !== undefined && { branch }),
      commits: isFirst ? [] : await recentCommits(agent.workingDir, env),
      ...(reason !== undefined && { reason }),
    });
  }

  return {
    noting: (decide) => (input) => {
      const decision = decide(input);
      note(input.meta.uid, decision.status.agents);
      if (decision.finished) for (const { name } of decision.status.agents) ends.delete(agentUid(input.meta.uid, name));
      return decision;
    },
    textOf(owner, agent, mode) {
      const reason = ends.get(agentUid(owner.uid, agent.name));
      return render(owner, agent, { isFirst: mode === 'Start' && reason === undefined, reason });
    },
    async wordOf({ project, projectUid, agent: name, text }, desired) {
      if (typeof text === 'string') return text;
      const agent = desired.type === 'Present' ? desired.project.agents.find((one) => one.name === name) : undefined;
      if (agent === undefined) return undefined;
      const reason = text.because ?? ends.get(agentUid(projectUid, name));
      return render({ project, uid: projectUid }, agent, { isFirst: false, reason });
    },
  };
}
