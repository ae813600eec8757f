import type { AgentReading } from '../../api/agent-reading.ts';
import { type ClassMember, policyOf } from '../../api/class-look.ts';
import { isAhead, isBefore } from '../../api/health.ts';
import { nameOf } from '../../api/key.ts';
import { agentUid } from '../../api/metadata.ts';
import { runStartedAt } from '../../api/observed.ts';
import type { SeenProject } from '../project-worker.ts';

export interface MembersOptions {
  readonly readings: (projectUid: string) => readonly AgentReading[];
  /** Told of a class in which there is something new: an agent more or less, a login lost, a limit reached, work done. */
  readonly onChange: (className: string) => void;
}

export interface Member {
  readonly member: ClassMember;
  readonly reading?: AgentReading;
}

/** Which agents belong to which class, over all projects. */
export interface Members {
  seen(project: SeenProject): void;
  forget(projectUid: string): void;
  of(className: string): readonly Member[];
  /**
   * Agents whose turn it is to be started anew, since they still show a loss of the login from before `restoredAt`:
   * two, and two more for every five seconds that it takes, so that one that will not end keeps nobody waiting.
   */
  restarting(className: string, restoredAt: number, now: number): readonly string[];
}

const AT_ONCE = 2;
const NEXT_MS = 5000;

export function createMembers({ readings, onChange }: MembersOptions): Members {
  /** By project, each member with its class. */
  const projects = new Map<string, readonly { readonly class: string; readonly member: ClassMember }[]>();
  /** By project, what was last told of each class. */
  const told = new Map<string, ReadonlyMap<string, string>>();

  function of(className: string): Member[] {
    return [...projects.keys()].flatMap((uid) => ofProject(uid, className));
  }

  function ofProject(uid: string, className: string): Member[] {
    const own = (projects.get(uid) ?? []).filter(({ class: name }) => name === className);
    if (own.length === 0) return [];
    const read = readings(uid);
    return own.map(({ member }) => {
      const reading = read.find(({ agent, run }) => agent === member.agent && run === member.run);
      return reading === undefined ? { member } : { member, reading };
    });
  }

  /** Tells of the classes of which something else is so in the project than when it was last told. */
  function tell(uid: string): void {
    const before = told.get(uid) ?? new Map<string, string>();
    const classes = new Set((projects.get(uid) ?? []).map(({ class: name }) => name));
    const now = new Map([...classes].map((name) => [name, JSON.stringify(ofProject(uid, name).map(signatureOf))]));
    if (now.size === 0) told.delete(uid);
    else told.set(uid, now);
    for (const name of new Set([...before.keys(), ...now.keys()])) {
      if (before.get(name) !== now.get(name)) onChange(name);
    }
  }

  return {
    of,
    seen({ key, uid, desired, status }) {
      const agents = desired.type === 'Present' ? desired.project.agents : [];
      const policy = desired.type === 'Present' ? policyOf(desired.project.annotations) : undefined;
      const now = agents.map(({ name, class: className }) => {
        const seen = status.agents.find((agent) => agent.name === name);
        const member = {
          project: nameOf(key),
          projectUid: uid,
          agent: name,
          uid: agentUid(uid, name),
          alive: seen?.pid !== undefined,
          ...(seen?.run !== undefined && { run: seen.run }),
          ...(policy !== undefined && { policy }),
        };
        return { class: className, member };
      });
      // A spec that cannot be acted on changes nothing in who belongs where.
      if (desired.type !== 'Rejected') projects.set(uid, now);
      tell(uid);
    },
    forget(uid) {
      projects.delete(uid);
      tell(uid);
    },
    restarting(className, restoredAt, now) {
      const waiting = of(className)
        .filter(({ member, reading }) => member.alive && showsLossFrom(reading, member.run, { restoredAt, now }))
        .map(({ member }) => member.uid)
        .sort();
      return waiting.slice(0, AT_ONCE * (1 + Math.floor(Math.max(0, now - restoredAt) / NEXT_MS)));
    },
  };
}

/** It runs since before the login came back, and still says that it has none. */
function showsLossFrom(
  reading: AgentReading | undefined,
  run: string | undefined,
  { restoredAt, now }: { readonly restoredAt: number; readonly now: number },
): boolean {
  const startedAt = run === undefined ? undefined : runStartedAt(run);
  const before = reading?.state === 'NeedsAuth' && isBefore(reading.at, restoredAt, now);
  return before && startedAt !== undefined && (startedAt < restoredAt || isAhead(startedAt, now));
}

/** As much of a member as a decision about its class is made from. */
function signatureOf({ member, reading }: Member): unknown {
  const { uid, alive, policy } = member;
  if (reading === undefined) return [uid, alive, policy];
  const { state, at, limitEndsAt, turns } = reading;
  const matters = state === 'NeedsAuth' || state === 'Limited';
  return [uid, alive, policy, state, turns.last, ...(matters ? [at, limitEndsAt] : [])];
}
