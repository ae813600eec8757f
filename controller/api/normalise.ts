import type { Desired, DesiredAgent, DesiredBriefing, DesiredEnv } from './desired.ts';
import type { AgentClass, AgentTemplate, Backoff, EnvVar, Project } from './generated/all.ts';
import { gitRejection } from './git-rejection.ts';
import { intervalMs } from './interval.ts';
import { hashOf } from './metadata.ts';
import { briefingsOf, goalOf, type KnownRole } from './normalise-briefing.ts';
import { courseOf, inputsOf } from './normalise-course.ts';
import {
  completionOf,
  type GitContext,
  integrationOf,
  verificationOf,
  workspaceOf,
  workTreeOf,
} from './normalise-git.ts';
import { absolute } from './spec-path.ts';
import type { DesiredWorkspace } from './workspace.ts';

export interface NormaliseContext extends GitContext {
  readonly classes: ReadonlyMap<string, AgentClass>;
  readonly roles: ReadonlyMap<string, KnownRole>;
  /** See `Desired`. */
  readonly confirmed: boolean;
}

const DEFAULT_GRACE_MS = 10_000;

/** Fills in defaults, resolves the classes and makes paths absolute. Pure; says `Rejected` where a class is missing. */
export function normalise(project: Project, context: NormaliseContext): Desired {
  const { metadata, spec } = project;
  const specHash = specHashOf(project);
  const agents: DesiredAgent[] = [];
  const briefingOf = briefingsOf(spec, context);
  const workspace = workspaceOf(project, context);
  const integration = integrationOf(project, context);
  const remindAfter = spec.workTree?.remindAfter;
  const verification = verificationOf(spec);
  const completion = completionOf(spec);
  const rejected = gitRejection(spec, workspace);
  if (rejected !== undefined) return { type: 'Rejected', ...rejected, specHash };
  for (const template of spec.agents) {
    const className = template.class ?? 'shell';
    const agentClass = context.classes.get(className);
    if (agentClass === undefined) {
      const known = [...context.classes.keys()].sort().join(', ');
      const message = `agent ${template.name}: there is no AgentClass ${className}; known: ${known}`;
      return { type: 'Rejected', reason: 'UnknownClass', message, specHash };
    }
    const argv = template.command ?? agentClass.spec.command;
    if (argv === undefined) {
      const message = `agent ${template.name}: neither the agent nor its class ${className} names a command`;
      return { type: 'Rejected', reason: 'NoCommand', message, specHash };
    }
    agents.push(
      normaliseAgent(template, {
        project,
        agentClass,
        className,
        argv,
        briefing: briefingOf(template),
        workspace,
        context,
      }),
    );
  }
  return {
    type: 'Present',
    confirmed: context.confirmed,
    project: {
      name: metadata.name,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      agents,
      course: courseOf(spec),
      ...(workspace !== undefined && { workspace }),
      ...(remindAfter !== undefined && { remindAfterMs: intervalMs(remindAfter) }),
      ...(completion !== undefined && { completion, ...goalOf(spec, context) }),
      ...(integration !== undefined && { integration }),
      ...(verification !== undefined && { verification }),
      specHash,
      inputs: inputsOf(spec),
    },
  };
}

/** Changes with the spec alone: labels and annotations are applied without a new generation. */
export function specHashOf({ spec }: Pick<Project, 'spec'>): string {
  return hashOf({ spec });
}

interface AgentContext {
  readonly project: Project;
  readonly agentClass: AgentClass;
  readonly className: string;
  readonly argv: readonly string[];
  readonly briefing: DesiredBriefing | undefined;
  readonly workspace: DesiredWorkspace | undefined;
  readonly context: NormaliseContext;
}

function normaliseAgent(template: AgentTemplate, from: AgentContext) {
  const { project, agentClass, className, argv, briefing, workspace, context } = from;
  const { metadata, spec } = project;
  // Who names a directory of its own works there, whatever the others have.
  const workTree =
    workspace === undefined || template.workingDir !== undefined
      ? undefined
      : workTreeOf(workspace, { project: metadata.name, agent: template.name });
  const named = template.workingDir ?? spec.workingDir ?? spec.repo ?? '~';
  const workingDir = workTree?.path ?? absolute(named, context);
  const env = mergeEnv({ ofClass: agentClass.spec.env, others: [spec.env, template.env] }, context);
  const grace = agentClass.spec.terminationGracePeriodSeconds;
  return {
    name: template.name,
    class: className,
    argv,
    args: template.args ?? [],
    workingDir,
    ...(workTree !== undefined && { workTree }),
    env,
    restartPolicy: template.restartPolicy ?? 'Always',
    backoff: backoffOf(template.backoff, agentClass.spec.backoff),
    stop: {
      graceMs: grace === undefined ? DEFAULT_GRACE_MS : grace * 1000,
      ...(agentClass.spec.finish !== undefined && { finish: agentClass.spec.finish }),
    },
    ...(template.readinessProbe !== undefined && { readinessProbe: template.readinessProbe }),
    ...(template.livenessProbe !== undefined && { livenessProbe: template.livenessProbe }),
    program: agentClass.spec,
    approvals: template.approvals ?? [],
    checkIns: template.checkIns ?? [],
    ...(briefing !== undefined && { briefing }),
    launchHash: hashOf({ argv, workingDir, env, ...(template.args !== undefined && { args: template.args }) }),
  } satisfies DesiredAgent;
}

function backoffOf(own: Backoff | undefined, ofClass: Backoff | undefined): DesiredAgent['backoff'] {
  const merged = { initialSeconds: 1, maxSeconds: 300, resetAfterSeconds: 60, ...ofClass, ...own };
  return {
    initialMs: merged.initialSeconds * 1000,
    maxMs: merged.maxSeconds * 1000,
    resetAfterMs: merged.resetAfterSeconds * 1000,
  };
}

interface EnvLists {
  readonly ofClass: readonly EnvVar[] | undefined;
  readonly others: readonly (readonly EnvVar[] | undefined)[];
}

/** Later lists win; the order of first mention stays. A class alone may write templates. */
function mergeEnv({ ofClass = [], others }: EnvLists, context: NormaliseContext): DesiredEnv[] {
  const merged = new Map<string, DesiredEnv>();
  for (const variable of ofClass) {
    const { name, value } = variable;
    const isTemplate = value !== undefined && /\{[{%]/.test(value);
    merged.set(name, isTemplate ? { name, template: value } : desiredEnv(variable, context));
  }
  for (const variable of others.flatMap((list) => list ?? [])) merged.set(variable.name, desiredEnv(variable, context));
  return [...merged.values()];
}

function desiredEnv({ name, value, valueFrom }: EnvVar, context: NormaliseContext): DesiredEnv {
  if (valueFrom?.file !== undefined) return { name, fromFile: absolute(valueFrom.file, context) };
  if (valueFrom?.env !== undefined) return { name, fromEnv: valueFrom.env };
  return { name, value: value ?? '' };
}
