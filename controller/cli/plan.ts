import type { Command } from 'commander';
import { describeAction } from '../api/action.ts';
import { MuxletError } from '../api/errors.ts';
import { API_VERSION } from '../api/kinds.ts';
import { parseTarget } from './one-object.ts';
import { placesOf } from './options.ts';
import type { CliDeps, PlannedProject } from './ports.ts';
import { parseOutput, renderValue } from './render/output.ts';

export function addPlan(program: Command, deps: CliDeps): void {
  program
    .command('plan')
    .summary('show what the controller would do now')
    .description('Shows what the controller would do now for each project. Does none of it, and changes nothing.')
    .argument('[projects...]', 'PROJECT or project/PROJECT; all if none is named')
    .option('-o, --output <format>', 'json, yaml or jsonpath=TEMPLATE')
    .action(async (projects: string[], { output }: { output?: string }, command: Command) => {
      const format = parseOutput(output);
      if (format.type === 'Name' || (format.type === 'Table' && format.wide)) {
        throw new MuxletError('MUX_USAGE', `-o ${output} is not for this command: json, yaml or jsonpath=TEMPLATE`);
      }
      const names = projects.map((argument) => parseTarget(argument, undefined).project);
      const planned = await deps.planner.plan(placesOf(command, deps), names);
      const missing = names.filter((name) => planned.every((plan) => plan.name !== name));
      if (missing.length > 0) throw new MuxletError('MUX_NOT_FOUND', `projects "${missing.join('", "')}" not found`);
      if (format.type === 'Table') deps.stdout.write(renderPlans(planned));
      else
        deps.stdout.write(renderValue({ apiVersion: API_VERSION, kind: 'PlanList', items: planned.map(item) }, format));
    });
}

function item({ name, decision: { actions, status, lookAgain, finished } }: PlannedProject) {
  return {
    project: name,
    actions: actions.map((action) => ({ type: action.type, description: describeAction(action) })),
    phase: status.phase,
    finished,
    ...(lookAgain !== undefined && { lookAgain }),
  };
}

function renderPlans(planned: readonly PlannedProject[]): string {
  if (planned.length === 0) return 'No projects: nothing to do.\n';
  const texts = planned.map(renderPlan);
  const count = planned.reduce((sum, { decision }) => sum + decision.actions.length, 0);
  return `${texts.join('')}${count} ${count === 1 ? 'action' : 'actions'} for ${planned.length} ${planned.length === 1 ? 'project' : 'projects'}.\n`;
}

function renderPlan({ name, decision }: PlannedProject): string {
  const steps = decision.actions.map((action) => `  ${describeAction(action)}\n`).join('');
  return `project/${name} (${decision.status.phase}):\n${steps === '' ? '  nothing to do\n' : steps}`;
}
