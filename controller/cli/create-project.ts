import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { MuxletError } from '../api/errors.ts';
import type { AgentClass, Team } from '../api/generated/all.ts';
import { nearestName } from '../api/nearest-name.ts';
import { absolute } from './options.ts';
import type { CliDeps, Places, SpecsView } from './ports.ts';
import { chooseSize, sizesOf } from './propose/choose-size.ts';
import { chooseTeam } from './propose/choose-team.ts';
import { languagesOf } from './propose/languages.ts';
import type { ProposedProject } from './propose/project-text.ts';
import { type Survey, surveyRepository } from './propose/survey.ts';
import { withinPlans } from './propose/within-plans.ts';
import { kindNamed, notFound } from './resources.ts';

export interface ProposalFlags {
  readonly repo: string;
  /** The repository need not be there yet. */
  readonly isNew?: boolean;
  readonly goal?: string;
  readonly team?: string;
  readonly size?: string;
  readonly class?: string;
  /** Of the account of that class. */
  readonly plan?: string;
}

export interface Proposal {
  readonly project: ProposedProject;
  /** Lines for a person: what was seen, and what follows from it. */
  readonly reasons: readonly string[];
}

/** Looks at a repository and proposes who should work on it. Asks nothing: what cannot be told must be said by flags. */
export async function proposeProject(
  name: string,
  flags: ProposalFlags,
  { deps, places }: { readonly deps: CliDeps; readonly places: Places },
): Promise<Proposal> {
  const repo = absolute(deps.cwd, flags.repo);
  if (flags.isNew !== true && !(await isDirectory(repo)))
    throw new MuxletError('MUX_NOT_FOUND', `the repository ${repo} is no directory`);
  const goal = await goalOf(flags.goal, deps.cwd);
  const specs = await deps.stores.specs(places);
  const survey = await surveyRepository(repo, deps.programs);
  const { team, because } = teamOf(flags.team, specs, survey);
  const size = chooseSize(team, survey.files.length, flags.size);
  if (size === undefined) {
    throw new MuxletError('MUX_USAGE', `team ${team.metadata.name} has no size ${flags.size}`, {
      hint: `one of ${[...sizesOf(team).keys()].join(', ')}`,
    });
  }
  const agentClass = await classOf(flags.class, specs, deps.env);
  const classes = specs.objects.flatMap(({ object }) => (object.kind === 'AgentClass' ? [object] : []));
  refuseUnknownPlan(flags.plan, agentClass.name, classes);
  const accounts = { classes, agentClass: agentClass.name, plan: flags.plan };
  const { members, reasons: limits } = withinPlans(size.members, accounts);
  const reasons = [
    `${repo}: ${described(survey)}`,
    `team ${team.metadata.name}${because}`,
    `size ${size.size}, ${size.members.length} agents${size.because === undefined ? '' : `: ${size.because}`}`,
    ...agentClass.reasons,
    ...limits,
    ...(survey.isGit ? [] : ['it is no git repository: what agents do there cannot be undone; think of git init']),
    ...(survey.isGit && !survey.hasCommit ? ['no commit yet, so that no work tree can be made: all work in it'] : []),
  ];
  const { hasCommit } = survey;
  return {
    project: { name, repo, hasCommit, goal, team, size: size.size, members, agentClass: agentClass.name },
    reasons,
  };
}

function described({ files, isGit }: Survey): string {
  const languages = languagesOf(files);
  return `${files.length} ${isGit ? 'tracked ' : ''}files${languages === '' ? '' : `; ${languages}`}`;
}

/** A file if there is one of that name, else the text itself; what looks like a path must be one. */
async function goalOf(goal: string | undefined, cwd: string): Promise<ProposedProject['goal']> {
  if (goal === undefined || goal.trim() === '') {
    throw new MuxletError('MUX_USAGE', 'a team needs a goal', { hint: '--goal FILE, or --goal "what to reach"' });
  }
  const path = absolute(cwd, goal);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return { file: path };
  if (!/\s/.test(goal.trim()) && /[/.]/.test(goal)) {
    throw new MuxletError('MUX_NOT_FOUND', `the goal file ${path} does not exist`);
  }
  return { text: goal };
}

function teamOf(asked: string | undefined, { objects }: SpecsView, { files }: Survey) {
  const teams = objects.flatMap(({ object }) => (object.kind === 'Team' ? [object] : []));
  const names = teams.map(({ metadata }) => metadata.name).sort();
  if (asked !== undefined) {
    const team = teams.find(({ metadata }) => metadata.name === asked);
    if (team === undefined) throw notFound(kindNamed('teams'), asked, nearestName(asked, names));
    return { team, because: '' };
  }
  const choice = chooseTeam(teams, files);
  if (choice === undefined) {
    throw new MuxletError('MUX_USAGE', 'nothing in the repository tells which team fits it', {
      hint: `--team ${names.join(' or ')}`,
    });
  }
  return { team: choice.team satisfies Team, because: `: ${choice.because.join(', ')}` };
}

/** The class that is named, or the only one whose program is installed here. */
async function classOf(asked: string | undefined, { objects }: SpecsView, env: CliDeps['env']) {
  const classes = objects.flatMap(({ object }) => (object.kind === 'AgentClass' ? [object] : []));
  const names = classes.map(({ metadata }) => metadata.name).sort();
  if (asked !== undefined) {
    if (names.includes(asked)) return { name: asked, reasons: [] };
    throw notFound(kindNamed('agentclasses'), asked, nearestName(asked, names));
  }
  // Only what takes a first prompt can be told its role.
  const able = classes.filter(({ spec }) => spec.prompt !== undefined);
  const installed = (await Promise.all(able.map((one) => isInstalled(one, env)))).flatMap((is, index) =>
    is ? [able[index]?.metadata.name ?? ''] : [],
  );
  const [only, ...others] = installed;
  if (only !== undefined && others.length === 0) {
    return { name: only, reasons: [`class ${only}: the only agent program that is installed`] };
  }
  const found = only === undefined ? 'no agent program is on the PATH' : `installed are ${installed.sort().join(', ')}`;
  const known = able.map(({ metadata }) => metadata.name).sort();
  throw new MuxletError('MUX_USAGE', `which class of agents? ${found}`, { hint: `--class ${known.join(' or ')}` });
}

function refuseUnknownPlan(plan: string | undefined, name: string, classes: readonly AgentClass[]): void {
  const plans = classes.find(({ metadata }) => metadata.name === name)?.spec.plans ?? {};
  if (plan === undefined || Object.hasOwn(plans, plan)) return;
  const known = Object.keys(plans);
  const nearest = nearestName(plan, known);
  throw new MuxletError('MUX_USAGE', `class ${name} knows no plan ${plan}`, {
    hint:
      known.length === 0
        ? 'spec.plans of a class says how many agents each plan carries'
        : `${nearest === undefined ? '' : `did you mean ${nearest}? `}one of ${known.join(', ')}`,
  });
}

async function isInstalled({ spec }: AgentClass, env: CliDeps['env']): Promise<boolean> {
  const program = spec.program ?? spec.command?.[0];
  if (program === undefined) return false;
  const folders = program.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    const executable = await access(folder === '' ? program : join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return true;
  }
  return false;
}

async function isDirectory(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
