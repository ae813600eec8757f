/**
 * Follows what the agents that run say of themselves, and keeps a reading of each run for the next look. A change in an
 * agent's folder, new output and a timer make it look; the project is hinted at only when a reading changed. Changes
 * nothing in the world.
 */
import type { AgentReading } from '../../api/agent-reading.ts';
import type { Desired, DesiredAgent } from '../../api/desired.ts';
import type { AgentStatus, ProjectStatus } from '../../api/generated/all.ts';
import type { Key } from '../../api/key.ts';
import type { Look, ObservedTmux, PaneMark } from '../../api/observed.ts';
import { runStartedAt } from '../../api/observed.ts';
import { type CompiledReading, compileReading, type ReadingFault } from '../../api/reading/compile.ts';
import type { Render } from '../../api/reading/evaluate.ts';
import { unfinishedWork } from '../../api/reading/memory.ts';
import { changesAt, readAgent } from '../../api/reading/read-agent.ts';
import type { Clock } from '../ports.ts';
import { createEvidence, type Evidence, type KnownClaim } from './evidence.ts';
import type { EvidenceEyes, Face, Faces, PaneRef } from './eyes.ts';
import { createSources, type Sources } from './sources.ts';

/** What is known of a run before any source is read. */
export interface RunFacts {
  /** state/agents/UID */
  readonly folder: string;
  readonly hookFile: string;
  /** What the templates of the class know. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The conversation that it was started with. */
  readonly conversation?: string;
  /** Whether it was started with a first prompt. */
  readonly promptGiven: boolean;
  /** Its prompt is to be told by a message. */
  readonly untold?: true;
}

export interface ReaderOptions {
  readonly clock: Clock;
  readonly eyes: EvidenceEyes;
  readonly render: Render;
  /** Never rejects. */
  readonly factsOf: (agent: DesiredAgent, mark: PaneMark) => Promise<RunFacts>;
  /** Takes the secret values of an agent out of a message. */
  readonly redact: (agent: DesiredAgent, lines: readonly string[]) => Promise<readonly string[]>;
  /** Told when the reading of an agent has changed. */
  readonly onChange: (key: Key) => void;
  /** Told once of each pattern of a class that cannot be used. */
  readonly onFault: (fault: ReadingFault) => void;
  readonly onError: (error: unknown) => void;
}

export interface Reader {
  /** Told of what a worker saw of a project, and what is wanted of it. */
  seen(project: {
    readonly key: Key;
    readonly uid: string;
    readonly desired: Desired;
    readonly tmux: Look<ObservedTmux>;
    readonly status: ProjectStatus;
  }): void;
  /** What the agents of a project say of themselves. */
  results(uid: string): readonly AgentReading[];
  close(): void;
}

/** Between two rounds, in milliseconds. */
const ROUND_MS = 1000;
/** An agent of whom nothing moves is looked at as seldom as this, in milliseconds. */
const REST_MS = 5000;
/** An agent counts as moving for so long after it printed or its reading changed, in milliseconds. */
const MOVING_MS = 5000;
/** What comes together is read together, in milliseconds. */
const TOGETHER_MS = 30;
/** A program's state file follows what its hook said within this time, in milliseconds: then it is looked again. */
const FOLLOWS_MS = 300;
/** Agents that are read at the same time. */
const AT_ONCE = 16;

interface KnownRun {
  readonly conversation: string | undefined;
  readonly claim: KnownClaim | undefined;
}

interface Opened {
  readonly evidence: Evidence;
  readonly sources: Sources;
  readonly facts: RunFacts;
}

interface Target {
  readonly key: Key;
  readonly agent: DesiredAgent;
  readonly mark: PaneMark;
  readonly pane: PaneRef & { readonly pid: number };
  readonly reading: CompiledReading;
  readonly startedAt: number;
  /** What was said of the run before it was followed. */
  readonly known: KnownRun | undefined;
  opened?: Opened;
  face?: { readonly face: Face; readonly at: number };
  /** What the run before it left behind in the pane: a title outlives the program that set it. */
  leftTitle: string | undefined;
  result?: AgentReading;
  readAt: number;
  movedAt: number;
  /** Something may have changed: it is read with the next round, or sooner. */
  hinted: boolean;
  busy: boolean;
  closed: boolean;
  unwatch: (() => void) | undefined;
  cancel: (() => void) | undefined;
  /** Cancels the second look after a record. */
  again: (() => void) | undefined;
}

/** What a target begins with. */
type Unread = Pick<Target, 'readAt' | 'movedAt' | 'hinted' | 'busy' | 'closed' | 'unwatch' | 'cancel' | 'again'>;

export function createReader(options: ReaderOptions): Reader {
  const { clock, eyes, render, onChange, onError } = options;
  /** Per project, by agent. */
  const projects = new Map<string, Map<string, Target>>();
  const compiled = new Map<string, CompiledReading | undefined>();
  const told = new Set<string>();
  /** Per pane: the title that was seen last, and in which run. */
  const titles = new Map<string, { readonly run: string; readonly title: string }>();
  let cancel: (() => void) | undefined;
  let closed = false;

  function readingOf({ class: name, program }: DesiredAgent): CompiledReading | undefined {
    const { reading, limits, delivery, dialogs } = program;
    if (reading === undefined) return undefined;
    const id = JSON.stringify([name, reading, limits, delivery, dialogs]);
    if (!compiled.has(id)) {
      const { reading: made, faults } = compileReading(name, program);
      compiled.set(id, made);
      for (const fault of faults) if (!told.has(fault.message)) options.onFault(fault);
      for (const { message } of faults) told.add(message);
    }
    return compiled.get(id);
  }

  async function open(target: Target): Promise<Opened> {
    const { agent, mark, pane, reading, startedAt } = target;
    const facts = await options.factsOf(agent, mark);
    const variables = (): Readonly<Record<string, unknown>> => {
      const conversation = evidence.memory().conversation;
      return { ...facts.variables, pid: pane.pid, ...(conversation !== undefined && { conversation }) };
    };
    const conversation = facts.conversation ?? target.known?.conversation;
    const before = target.known?.claim;
    const evidence: Evidence = createEvidence({ reading, startedAt, conversation, before, render, variables });
    const { hookFile } = facts;
    const { now } = clock;
    const sources = createSources({ eyes, reading, evidence, pane, startedAt, hookFile, render, variables, now });
    return { evidence, sources, facts };
  }

  async function read(target: Target): Promise<void> {
    if (target.busy || target.closed) return;
    target.busy = true;
    target.hinted = false;
    try {
      target.opened ??= await open(target);
      const { sources, facts } = target.opened;
      await sources.read(target.face);
      target.readAt = clock.now();
      target.unwatch ??= eyes.watch(facts.folder, () => hintTwice(target));
      if (target.closed) target.unwatch?.();
      else await conclude(target, target.opened);
    } finally {
      target.busy = false;
    }
  }

  async function conclude(target: Target, { evidence, facts: run }: Opened): Promise<void> {
    const { agent, mark, reading, startedAt, face } = target;
    const facts = {
      agent: mark.agent,
      run: mark.run,
      reading,
      claims: evidence.claims(),
      memory: evidence.memory(),
      promptGiven: run.promptGiven,
      startedAt,
      printedAt: Math.min((face?.face.windowActivity ?? 0) * 1000, clock.now()),
      now: clock.now(),
    };
    const plain = readAgent(facts);
    const [message = ''] = plain.message === undefined ? [] : await options.redact(agent, [plain.message]);
    const result = {
      ...plain,
      ...(plain.message !== undefined && { message }),
      ...(run.untold && { untold: run.untold }),
    };
    const isNew = target.result === undefined || essence(target.result) !== essence(result);
    target.result = result;
    target.cancel?.();
    const next = changesAt(facts);
    if (next !== undefined) target.cancel = clock.after(next - clock.now() + 1, () => hint(target));
    if (!isNew || target.closed) return;
    target.movedAt = clock.now();
    onChange(target.key);
  }

  function hint(target: Target): void {
    if (target.hinted || target.closed) return;
    target.hinted = true;
    clock.after(TOGETHER_MS, () => {
      // What comes while it is being read is read after that, by the next round at the latest.
      if (!target.busy) read(target).catch(onError);
    });
  }

  function hintTwice(target: Target): void {
    hint(target);
    target.again ??= clock.after(FOLLOWS_MS, () => {
      target.again = undefined;
      hint(target);
    });
  }

  /** The end of work beside its turns may move nothing on its terminal. */
  function isDue(target: Target, now: number): boolean {
    const work = target.opened && unfinishedWork(target.opened.evidence.memory());
    return target.hinted || work !== undefined || now - target.movedAt < MOVING_MS || now - target.readAt >= REST_MS;
  }

  function take(target: Target, { at, panes }: Faces): void {
    const place = `${target.pane.server} ${target.pane.id}`;
    const face = panes.get(place);
    // Another process stands in the pane by now: what it shows is not this run's.
    if (face === undefined || face.dead || face.pid !== target.pane.pid) return;
    const isNew = titles.get(place)?.title !== face.title || target.face?.face.windowActivity !== face.windowActivity;
    if (isNew) target.movedAt = clock.now();
    titles.set(place, { run: target.mark.run, title: face.title });
    if (face.title !== target.leftTitle) target.leftTitle = undefined;
    target.face = { face: { ...face, title: target.leftTitle === undefined ? face.title : '' }, at };
  }

  async function round(): Promise<void> {
    const targets = [...projects.values()].flatMap((agents) => [...agents.values()]);
    const faces = await eyes.faces();
    for (const target of targets) take(target, faces);
    for (const place of titles.keys()) if (!faces.panes.has(place)) titles.delete(place);
    const due = targets.filter((target) => isDue(target, clock.now()));
    for (let from = 0; from < due.length; from += AT_ONCE) {
      await Promise.all(due.slice(from, from + AT_ONCE).map((target) => read(target).catch(onError)));
    }
  }

  /** One round after the other while there is somebody to be read. */
  function pump(inMs: number): void {
    if (cancel !== undefined || closed || projects.size === 0) return;
    cancel = clock.after(inMs, () => {
      const begun = clock.now();
      const ended = (): void => {
        cancel = undefined;
        pump(Math.max(ROUND_MS / 4, ROUND_MS - (clock.now() - begun)));
      };
      round().catch(onError).then(ended, onError);
    });
  }

  function begin(target: Omit<Target, keyof Unread>) {
    const begun: Target = {
      ...target,
      readAt: 0,
      movedAt: clock.now(),
      hinted: false,
      busy: false,
      closed: false,
      unwatch: undefined,
      cancel: undefined,
      again: undefined,
    };
    hint(begun);
    return begun;
  }

  return {
    seen({ key, uid, desired, tmux, status }) {
      if (tmux.state === 'Unknown' || closed) return;
      const old = projects.get(uid) ?? new Map<string, Target>();
      const kept = new Map<string, Target>();
      for (const { mark, dead, process, server, id, pid } of tmux.value.panes) {
        if (mark?.uid !== uid || dead || process === 'Zombie' || process === 'Gone') continue;
        const before = old.get(mark.agent);
        const known = before !== undefined && before.mark.run === mark.run ? before : undefined;
        if (desired.type === 'Rejected') {
          if (known !== undefined) kept.set(mark.agent, known);
          continue;
        }
        const agent = desired.type === 'Present' ? desired.project.agents.find(isNamed(mark.agent)) : undefined;
        const reading = agent === undefined ? undefined : readingOf(agent);
        if (agent === undefined || reading === undefined) continue;
        if (known?.reading === reading) {
          kept.set(mark.agent, known);
          continue;
        }
        const startedAt = runStartedAt(mark.run) ?? clock.now();
        const said = status.agents.find(isNamed(mark.agent));
        const lastSaid = said?.run === mark.run ? knownOf(said) : undefined;
        const pane = { server, id, pid };
        const last = titles.get(`${server} ${id}`);
        const leftTitle = last === undefined || last.run === mark.run ? undefined : last.title;
        kept.set(mark.agent, begin({ key, agent, mark, pane, reading, startedAt, known: lastSaid, leftTitle }));
      }
      for (const [name, target] of old) if (kept.get(name) !== target) close(target);
      if (kept.size === 0) projects.delete(uid);
      else projects.set(uid, kept);
      pump(0);
    },
    results: (uid) => [...(projects.get(uid)?.values() ?? [])].flatMap(({ result }) => result ?? []),
    close() {
      closed = true;
      cancel?.();
      for (const targets of projects.values()) for (const target of targets.values()) close(target);
      projects.clear();
    },
  };
}

function knownOf({ conversation, evidence, evidenceAt, rule }: AgentStatus): KnownRun {
  const isKnown = evidence !== undefined && evidenceAt !== undefined && rule !== undefined;
  return { conversation, claim: isKnown ? { evidence, rule, at: Date.parse(evidenceAt) } : undefined };
}

function close(target: Target): void {
  target.closed = true;
  target.cancel?.();
  target.again?.();
  target.unwatch?.();
}

function isNamed(wanted: string) {
  return ({ name }: { readonly name: string }): boolean => name === wanted;
}

/** All but what changes with every line that is printed. */
function essence(reading: AgentReading): string {
  return JSON.stringify({ ...reading, movedAt: undefined });
}
