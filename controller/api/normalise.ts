import type { Desired, DesiredAgent, DesiredEnv } from './desired.ts';
import type { AgentClass, AgentTemplate, Backoff, EnvVar, Project } from './generated/all.ts';
import { hashOf } from './metadata.ts';

export interface NormaliseContext {
  /** Absolute folder of the spec file; relative paths start here. */
  readonly folder: string;
  /** Absolute home directory; '~' means this. */
  readonly home: string;
  readonly classes: ReadonlyMap<string, AgentClass>;
  /** See `Desired`. */
  readonly confirmed: boolean;
}

const DEFAULT_GRACE_MS = 10_000;

/** Fills in defaults, resolves the classes and makes paths absolute. Pure; says `Rejected` where a class is missing. */
export function normalise(project: Project, context: NormaliseContext): Desired {
  const { metadata, spec } = project;
  const specHash = specHashOf(project);
  const agents: DesiredAgent[] = [];
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
    agents.push(normaliseAgent(template, { project, agentClass, className, argv, context }));
  }
  return {
    type: 'Present',
    confirmed: context.confirmed,
    project: {
      name: metadata.name,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      agents,
      specHash,
    },
  };
}

/** Changes with everything that a person may change in a project but its name. */
export function specHashOf({ metadata: { labels, annotations }, spec }: Project): string {
  return hashOf({ metadata: { labels, annotations }, spec });
}

interface AgentContext {
  readonly project: Project;
  readonly agentClass: AgentClass;
  readonly className: string;
  readonly argv: readonly string[];
  readonly context: NormaliseContext;
}

function normaliseAgent(template: AgentTemplate, { project, agentClass, className, argv, context }: AgentContext) {
  const workingDir = absolute(template.workingDir ?? project.spec.workingDir ?? '~', context);
  const env = mergeEnv({ ofClass: agentClass.spec.env, others: [project.spec.env, template.env] }, context);
  const grace = agentClass.spec.terminationGracePeriodSeconds;
  return {
    name: template.name,
    class: className,
    argv,
    args: template.args ?? [],
    workingDir,
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

/** POSIX paths only, so that this room needs no import: '~', '~/x', 'x', './x', '../x' and '/x'. */
function absolute(path: string, { folder, home }: NormaliseContext): string {
  if (path === '~' || path.startsWith('~/')) return clean(`${home}${path.slice(1)}`);
  return clean(path.startsWith('/') ? path : `${folder}/${path}`);
}

function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
