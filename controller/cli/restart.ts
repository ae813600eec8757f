import type { Command } from 'commander';
import { OVERLAY } from '../api/admission.ts';
import { MuxletError } from '../api/errors.ts';
import { agentsOf } from './merge.ts';
import type { ProjectObject } from './object.ts';
import { placesOf } from './options.ts';
import { type AskFlags, askProjects } from './overlay/change-overlays.ts';
import type { CliDeps } from './ports.ts';
import { renderChanges } from './render/changes.ts';

interface RestartFlags extends AskFlags {
  readonly agent?: string;
}

export function addRestart(program: Command, deps: CliDeps): void {
  program
    .command('restart')
    .summary('end agents and start them again')
    .description(
      "Ends the present run of each agent, its class's way, and starts the next one, in its conversation. A run that has begun since is left alone. What is finished begins anew by 'muxlet reset'.",
    )
    .argument('<resources...>', 'project NAME… or project/NAME…; projects with -l or --all')
    .option('-a, --agent <name>', 'only this agent')
    .option('-l, --selector <labels>', 'the projects with these labels')
    .option('--all', 'all projects')
    .action(async (resources: string[], flags: RestartFlags, command: Command) => {
      const places = placesOf(command, deps);
      const changes = await askProjects(resources, { deps, places, flags }, (project, before) => {
        const runs = runsOf(project, flags.agent);
        if (Object.keys(runs).length === 0) return undefined;
        const standing = stillMeant(before[OVERLAY.restart], project);
        const value = JSON.stringify({ ...standing, ...runs });
        return { overlay: { ...before, [OVERLAY.restart]: value }, verb: 'restarted' };
      });
      deps.stdout.write(renderChanges(changes));
    });
}

/** @throws MUX_CONFLICT for a project of which nothing is started, MUX_NOT_FOUND for an agent that is not its own */
function runsOf(project: ProjectObject, wanted: string | undefined): Record<string, string> {
  const { name } = project.metadata;
  const obstacle = obstacleOf(project);
  if (obstacle !== undefined) {
    throw new MuxletError('MUX_CONFLICT', `project/${name} ${obstacle.why}`, { hint: obstacle.hint });
  }
  // Just after a reset those of the spec have not been seen yet, and have no run that could be ended.
  const all = agentsOf(project).map(({ status }) => status);
  const agents = all.filter((agent) => wanted === undefined || agent.name === wanted);
  if (wanted !== undefined && agents.length === 0) {
    const names = all.map((agent) => agent.name).join(', ');
    throw new MuxletError('MUX_NOT_FOUND', `agent "${wanted}" not found in project ${name}`, {
      ...(names !== '' && { hint: `choose one of: ${names}` }),
    });
  }
  return Object.fromEntries(agents.flatMap(({ name: agent, run }) => (run === undefined ? [] : [[agent, run]])));
}

/** Why none of its agents would be started again, and what would help. */
function obstacleOf({ metadata: { name }, status: { phase, run } }: ProjectObject) {
  const hint = `begin anew: muxlet reset project ${name}`;
  if (phase === 'Completed' || phase === 'Failed') {
    return { why: `is over (${phase}): there is nothing to go on with`, hint };
  }
  if (run?.stage === 'BackingOff') {
    return { why: `waits for its next attempt, which begins at ${run.nextAttemptAt ?? ''}`, hint };
  }
  if (run?.stage === 'TimingOut') {
    const more = `give it more (spec.deadline.after): muxlet edit project ${name}`;
    return { why: 'has had its time, and nothing of it is started again', hint: more };
  }
  return run?.stage === 'Ending' ? { why: 'has failed, and its agents are being ended', hint } : undefined;
}

/** Of what was asked before, what has not been done yet. */
function stillMeant(asked: string | undefined, { status }: ProjectObject): Record<string, string> {
  const runs = asked === undefined ? {} : (JSON.parse(asked) as Record<string, string>);
  const present = new Set(status.agents.map(({ run }) => run));
  return Object.fromEntries(Object.entries(runs).filter(([, run]) => present.has(run)));
}
