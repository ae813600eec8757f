/** What must be so of a project that waits for a slot or for another project, once nothing has happened for long enough. */
import type { DesiredProject } from '../../controller/api/desired.ts';
import type { ProjectStatus, QueueSpec } from '../../controller/api/generated/all.ts';

export interface Surroundings {
  /** The queue as its file says; absent: there is none. */
  readonly queue: QueueSpec | undefined;
  /** Who has a slot by what is on record. */
  readonly owners: ReadonlySet<string>;
  /** Agents of the project that live in a pane. */
  readonly lives: number;
  /** The account of the class that has one may be used, for all that anybody can know. */
  readonly isLoggedIn: boolean;
  readonly completed: (project: string) => boolean;
}

/** Undefined if its agents are to run. */
export function judgeWaiting(
  project: DesiredProject,
  status: ProjectStatus,
  around: Surroundings,
): string[] | undefined {
  const { name, course } = project;
  const { queue, owners } = around;
  const admitted = status.conditions.find(({ type }) => type === 'Admitted');
  const problem = (text: string): string[] => [`${name}: ${text}`];
  if (course.queue === undefined && course.dependsOn.length === 0) return undefined;
  if (admitted === undefined) return problem('stands in a queue, and does not say whether it is admitted');
  if (admitted.status !== 'False') {
    const hasSlot = course.queue === undefined || owners.has(name);
    return hasSlot ? undefined : problem('is said to be admitted, and has no slot');
  }
  if (status.phase !== 'Queued') return problem(`waits, and its phase is ${status.phase}`);
  const why = `${admitted.reason}: ${admitted.message}`;
  if (admitted.message === '') return problem(`does not say why it waits (${admitted.reason})`);
  return isTrue(admitted.reason, project, around)
    ? []
    : problem(`waits for what is not so (${why}), ${slots(queue, owners)}`);
}

function slots(queue: QueueSpec | undefined, owners: ReadonlySet<string>): string {
  return `of ${JSON.stringify(queue)} slots have ${[...owners].join(', ')}`;
}

/** Whether what it says it waits for is as it says. */
function isTrue(
  reason: string,
  { name, course }: DesiredProject,
  { queue, owners, lives, isLoggedIn, completed }: Surroundings,
): boolean {
  switch (reason) {
    case 'SlotsTaken':
      return queue?.maxRunning !== undefined && owners.size >= queue.maxRunning;
    case 'AgentsTaken':
    case 'NeverFits':
      return queue?.maxAgents !== undefined || queue?.maxAgentsPerClass !== undefined;
    case 'NotFirst':
      return queue?.queueingStrategy === 'StrictFIFO' || queue?.starvationLimit !== undefined;
    case 'QueuePaused':
      return queue?.paused === true;
    case 'QueueDrains':
    case 'Drained':
      return queue?.drain === true && (lives === 0 || owners.has(name));
    case 'BreakerOpen':
      return queue?.circuitBreaker !== undefined;
    case 'UnknownQueue':
      return queue === undefined;
    case 'NotLoggedIn':
    case 'LoginLost':
    case 'AccountHeld':
      return !isLoggedIn;
    case 'Held':
      return course.hold;
    case 'DependencyPending':
    case 'DependencyMissing':
    case 'DependencyFailed':
    case 'DependencyCycle':
      return course.dependsOn.some((other) => !completed(other));
    default:
      return false;
  }
}
