/**
 * Looks at those signs of finished work that somebody has to go and look at, on timers of its own, and keeps what was seen
 * for the next decision. Knows what to look at from what the workers saw; changes nothing in the world but by what a
 * command does.
 */
import type { DesiredRule, DesiredSign, SignLooks, SignSeen } from '../../api/completing.ts';
import type { DesiredAgent, DesiredGoal, DesiredProject } from '../../api/desired.ts';
import type { AgentStatus, RuleStatus, RunStatus } from '../../api/generated/all.ts';
import type { Key } from '../../api/key.ts';
import type { Look } from '../../api/look.ts';
import { hashOf } from '../../api/metadata.ts';
import type { Clock } from '../ports.ts';
import { createLimit } from '../probes/limit.ts';
import type { SeenProject } from '../project-worker.ts';
import { isLookedFor, matters } from './matters.ts';

/** One look at one rule at one agent. */
export interface SignQuestion {
  readonly project: string;
  readonly uid: string;
  readonly rule: DesiredRule;
  readonly agent: DesiredAgent;
  /** The agent as it was seen last. */
  readonly status: AgentStatus | undefined;
  /** When the attempt began, in milliseconds since the epoch. */
  readonly since: number;
  readonly goal: DesiredGoal | undefined;
  /** What was seen of all rules. */
  readonly rules: readonly RuleStatus[];
}

export interface SignKeeperOptions {
  readonly clock: Clock;
  /** Never rejects, and settles soon after the signal. */
  readonly look: (question: SignQuestion, signal: AbortSignal) => Promise<Look<SignSeen>>;
  /** Told when what was seen is another, or was asked for. */
  readonly onChange: (key: Key) => void;
  readonly onError: (error: unknown) => void;
}

export interface SignKeeper {
  seen(project: Pick<SeenProject, 'key' | 'uid' | 'desired' | 'status'>): void;
  looks(uid: string): SignLooks;
  forgotten(uid: string): void;
  close(): void;
}

interface Target {
  readonly key: Key;
  /** What would be another question. */
  readonly hash: string;
  question: SignQuestion;
  /** What the agent was doing when it was looked at: whatever it does next may be what is waited for. */
  face: string;
  look: Look<SignSeen> | undefined;
  isLooking: boolean;
  /** Somebody wants to know it since the last look began. */
  isWanted: boolean;
  stop: () => void;
}

/** Between two looks at a file or a screen, in milliseconds. */
const EVERY_MS = 5000;
/** Looks at the same time; commands and judges apart, of which each may take minutes. */
const LOOKS = 8;
const COMMANDS = 2;
const JUDGES = 2;

export function createSignKeeper({ clock, look, onChange, onError }: SignKeeperOptions): SignKeeper {
  const limits = { Command: createLimit(COMMANDS), Judge: createLimit(JUDGES), others: createLimit(LOOKS) };
  /** Per project: which attempt it is about, and the targets by rule and agent. */
  const projects = new Map<string, { readonly attempt: string; readonly targets: Map<string, Target> }>();

  function schedule(target: Target, inMs: number): void {
    target.stop();
    target.stop = clock.after(inMs, () => {
      take(target).catch(onError);
    });
  }

  async function take(target: Target): Promise<void> {
    const abort = new AbortController();
    let isStopped = false;
    target.stop = () => {
      isStopped = true;
      target.isLooking = false;
      abort.abort();
    };
    target.isLooking = true;
    let wasWanted = false;
    const { sign } = target.question.rule;
    const limit = limits[isRun(sign) ? sign.type : 'others'];
    const found = await limit(abort.signal, () => {
      wasWanted = target.isWanted;
      target.isWanted = false;
      return look(target.question, abort.signal);
    });
    if (found === undefined || isStopped) return;
    target.isLooking = false;
    const before = target.look;
    target.look = withRow(before, found);
    schedule(target, target.isWanted ? 0 : isRun(sign) ? sign.everyMs : EVERY_MS);
    // Whoever asked may wait for the same answer once more: that it is so since the agent has ended, too.
    if (wasWanted || isOther(before, found)) onChange(target.key);
  }

  /** Asked about another state of its agent, it looks at once; a look that is under way is followed by another. */
  function ask(target: Target, question: SignQuestion): void {
    const face = faceOf(question);
    target.question = question;
    if (target.face === face) return;
    target.face = face;
    target.isWanted = true;
    // What was seen before may not be so any more: whoever decides waits for the next look.
    if (!target.isLooking) schedule(target, 0);
  }

  function begin(key: Key, hash: string, question: SignQuestion): Target {
    const face = faceOf(question);
    const target: Target = { key, hash, question, face, look: undefined, isLooking: false, isWanted: true, stop: idle };
    schedule(target, 0);
    return target;
  }

  function drop(uid: string): void {
    for (const target of projects.get(uid)?.targets.values() ?? []) target.stop();
    projects.delete(uid);
  }

  function follow({ key, uid, status }: Parameters<SignKeeper['seen']>[0], project: DesiredProject, run: RunStatus) {
    const attempt = `${run.attempt} ${run.startedAt ?? ''}`;
    if (projects.get(uid)?.attempt !== attempt) drop(uid);
    const targets = projects.get(uid)?.targets ?? new Map<string, Target>();
    projects.set(uid, { attempt, targets });
    const wanted = new Set<string>();
    for (const { id, rule, agent } of pairsOf(project, status.completion)) {
      wanted.add(id);
      const own = status.agents.find(({ name }) => name === agent.name);
      const since = Date.parse(run.startedAt ?? '');
      const rules = status.completion?.rules ?? [];
      const question: SignQuestion = {
        project: project.name,
        uid,
        rule,
        agent,
        status: own,
        since,
        goal: project.goal,
        rules,
      };
      const hash = hashOf({ sign: rule.sign, directory: agent.workingDir });
      const known = targets.get(id);
      if (known?.hash === hash) ask(known, question);
      else {
        known?.stop();
        targets.set(id, begin(key, hash, question));
      }
    }
    for (const [id, target] of targets) {
      if (wanted.has(id)) continue;
      target.stop();
      targets.delete(id);
    }
  }

  /** What was seen stays as it was while it is verified; looks go on when the team does. */
  function pause(uid: string): void {
    for (const target of projects.get(uid)?.targets.values() ?? []) {
      target.stop();
      target.face = '';
    }
  }

  return {
    seen(project) {
      const { uid, desired, status } = project;
      const { run } = status;
      if (desired.type === 'Rejected') return;
      if (desired.type === 'Absent' || run?.startedAt === undefined) drop(uid);
      else if (run.stage === 'Active' || run.stage === 'TimingOut') follow(project, desired.project, run);
      else if (run.stage === 'Verifying' || run.stage === 'Waiting') pause(uid);
      else drop(uid);
    },
    looks(uid) {
      const looks = new Map<string, Map<string, Look<SignSeen>>>();
      for (const { question, look: known } of projects.get(uid)?.targets.values() ?? []) {
        const { rule, agent } = question;
        const ofRule = looks.get(rule.name) ?? new Map<string, Look<SignSeen>>();
        if (known !== undefined) ofRule.set(agent.name, known);
        looks.set(rule.name, ofRule);
      }
      return looks;
    },
    forgotten: drop,
    close() {
      for (const uid of projects.keys()) drop(uid);
    },
  };
}

interface Pair {
  readonly id: string;
  readonly rule: DesiredRule;
  readonly agent: DesiredAgent;
}

function pairsOf({ completion, agents }: DesiredProject, status: SeenProject['status']['completion']): Pair[] {
  const rules = completion?.rules.filter((rule) => isLookedFor(rule) && matters(rule, completion, status)) ?? [];
  return rules.flatMap((rule) =>
    agents
      .filter(({ name }) => rule.agents.includes(name))
      .map((agent) => ({ id: `${rule.name} ${agent.name}`, rule, agent })),
  );
}

/**
 * Agents begin and end their turns oftener than a command that takes minutes is to be run, and may report as often as they
 * like, which a judge would be paid for.
 */
function faceOf({ rule: { sign }, status }: SignQuestion): string {
  const { run, state, lastExit, report } = status ?? {};
  const ends = [run, lastExit?.run];
  if (sign.type === 'Judge') return ends.join(' ');
  return (sign.type === 'Command' ? [...ends, report?.at] : [...ends, report?.at, state]).join(' ');
}

/** What somebody else's program says. */
function isRun(sign: DesiredSign): sign is Extract<DesiredSign, { readonly type: 'Command' | 'Judge' }> {
  return sign.type === 'Command' || sign.type === 'Judge';
}

/** What is so since the look before came about then. */
function withRow(before: Look<SignSeen> | undefined, found: Look<SignSeen>): Look<SignSeen> {
  if (found.state === 'Unknown' || !found.value.met || found.value.at !== undefined) return found;
  const known = before?.state === 'Known' && before.value.met ? before.value.at : undefined;
  return { ...found, value: { ...found.value, at: known ?? found.at } };
}

function isOther(before: Look<SignSeen> | undefined, found: Look<SignSeen>): boolean {
  if (before === undefined || before.state !== found.state) return true;
  if (before.state === 'Unknown' || found.state === 'Unknown') return before.state !== found.state;
  return before.value.met !== found.value.met || before.value.message !== found.value.message;
}

function idle(): void {
  // Nothing is under way.
}
