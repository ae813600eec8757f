import type { AgentReading } from '../../api/agent-reading.ts';
import type { ClassLook, ClassMember } from '../../api/class-look.ts';
import type { EventNote } from '../../api/decision.ts';
import type { AgentClass, AgentClassSpec, AgentClassStatus } from '../../api/generated/all.ts';
import { type Key, nameOf } from '../../api/key.ts';
import { API_VERSION } from '../../api/kinds.ts';
import { hashOf, type StoredObject } from '../../api/metadata.ts';
import type { Word } from '../../api/word.ts';
import type { Outcome } from '../outcome.ts';
import type { ClassChecks } from './class-checks.ts';
import { hasAccount } from './has-account.ts';
import type { Member, Members } from './members.ts';

export type StoredClass = StoredObject<AgentClassStatus>;

/** What a decision about a class is made from, and what comes of it, in the runtime's words. */
export interface ClassMind {
  decide(input: {
    readonly name: string;
    readonly spec: AgentClassSpec;
    readonly generation: number;
    readonly previous: AgentClassStatus | undefined;
    readonly look: ClassLook | undefined;
    readonly members: readonly { readonly member: ClassMember; readonly reading?: AgentReading }[];
    readonly now: number;
  }): {
    readonly status: AgentClassStatus;
    readonly events: readonly EventNote[];
    readonly words: readonly Word[];
    readonly againMs: number;
  };
  lookEveryMs(status: AgentClassStatus | undefined): number;
}

export interface ClassWorkerOptions {
  readonly agentClass: (name: string) => AgentClass | undefined;
  readonly records: {
    read(key: Key): StoredClass | undefined;
    write(key: Key, object: StoredClass): void;
    /** Settles once what was written survives this program, or cannot. */
    recorded(key: Key): Promise<unknown>;
    remove(key: Key): void;
    event(about: { readonly kind: string; readonly name: string; readonly uid?: string }, note: EventNote): void;
  };
  readonly members: Members;
  readonly checks: ClassChecks;
  readonly mind: ClassMind;
  readonly now: () => number;
  readonly newUid: () => string;
  /** Tells an agent something, once. */
  readonly say: (word: Word) => void;
  /** The account stands otherwise than before: the projects of its agents are to be looked at. */
  readonly onChange: (projects: readonly string[]) => void;
}

/** Takes one class once round. Only classes of which there are agents are looked at. */
export function createClassWorker(options: ClassWorkerOptions): { work(key: Key): Promise<Outcome> } {
  const { records, members, checks, mind } = options;

  async function work(key: Key): Promise<Outcome> {
    const name = nameOf(key);
    const spec = options.agentClass(name)?.spec;
    const own = members.of(name);
    const stored = records.read(key);
    if (spec === undefined || own.length === 0) {
      checks.forget(name);
      // A login that was lost, or a limit, outlives the agents for which it was found.
      if (spec === undefined && own.length === 0 && stored !== undefined) records.remove(key);
      else if (own.length === 0 && stored !== undefined && stored.status.agents > 0) {
        records.write(key, { ...stored, status: { ...stored.status, agents: 0 } });
      }
      return { type: 'Settled' };
    }
    const previous = stored?.status;
    const look = checks.latest(name, spec, mind.lookEveryMs(previous));
    const specHash = hashOf(spec);
    const metadata = metadataOf(name, stored, specHash);
    const { generation } = metadata;
    const decision = mind.decide({ name, spec, generation, previous, look, members: own, now: options.now() });
    // Before the first look there is nothing to say but what was said before.
    if (look === undefined && stored === undefined && !hasNews(decision.status)) return { type: 'Settled' };
    records.write(key, { apiVersion: API_VERSION, kind: 'AgentClass', metadata, specHash, status: decision.status });
    for (const note of decision.events) records.event({ kind: 'AgentClass', name, uid: metadata.uid }, note);
    // Whoever comes after us is not to say them again, by another time.
    if (decision.words.length > 0) await records.recorded(key);
    for (const word of decision.words) options.say(word);
    // Agents of a class with an account wait for the first look; all others have learned nothing from it.
    const before = previous === undefined && !hasAccount(spec) ? NOTHING : concerns(previous);
    if (before !== concerns(decision.status)) options.onChange(projectsOf(own));
    return { type: 'LookAgain', inMs: decision.againMs };
  }

  function metadataOf(name: string, stored: StoredClass | undefined, specHash: string): StoredClass['metadata'] {
    if (stored === undefined) {
      const creationTimestamp = new Date(options.now()).toISOString();
      return { name, uid: options.newUid(), generation: 1, creationTimestamp, finalizers: [] };
    }
    const { generation } = stored.metadata;
    return { ...stored.metadata, generation: stored.specHash === specHash ? generation : generation + 1 };
  }

  return { work };
}

function hasNews({ login, limit }: AgentClassStatus): boolean {
  return login !== undefined || limit !== undefined;
}

/** Which facts of a class its agents are held by, and their projects tell of. */
const TOLD: ReadonlySet<string> = new Set(['ProgramFound', 'Authenticated', 'WithinLimits']);

/** What projects decide by. */
function concerns(status: Pick<AgentClassStatus, 'login' | 'limit' | 'conditions'> | undefined): string {
  if (status === undefined) return '';
  const { login, limit, conditions } = status;
  const told = conditions.filter(({ type, reason }) => TOLD.has(type) && reason !== 'NotChecked');
  const facts = told.map(({ type, status: is, reason }) => [type, is, reason]);
  return JSON.stringify([login?.lostAt, login?.restoredAt, limit?.until, limit?.endedAt, facts]);
}

const NOTHING = concerns({ conditions: [] });

function projectsOf(members: readonly Member[]): string[] {
  return [...new Set(members.map(({ member }) => member.project))];
}
