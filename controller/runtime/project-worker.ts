import { type Action, describeAction } from '../api/action.ts';
import { type Admission, type Claim, OVERLAY, type Overlay } from '../api/admission.ts';
import type { Decision, ProjectInput } from '../api/decision.ts';
import type { Desired } from '../api/desired.ts';
import type { ProjectStatus } from '../api/generated/all.ts';
import type { InventoryEntry } from '../api/inventory.ts';
import { type Key, nameOf } from '../api/key.ts';
import type { Look, ObservedProject, ObservedTmux } from '../api/observed.ts';
import type { Word } from '../api/word.ts';
import { isMaking, isOther, isStart } from './action-kinds.ts';
import { noteOf } from './action-notes.ts';
import { createCreationPace } from './creation-pace.ts';
import { type Identity, identify, renewedObject, storedObject } from './identify.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { createPassing } from './passing.ts';
import type { Hands, SpecSource, StateStore } from './ports.ts';
import { about, isUpOrStuck, queueOf, serverOf, stopsOf } from './project-records.ts';
import { createRecorder } from './recorder.ts';
import { createResumePace } from './resume-pace.ts';
import { createTally } from './tally.ts';

/** Eyes and mind, as one object's walk needs them. */
export interface ProjectWalk {
  look(
    request: { readonly project: string; readonly server: string | undefined; readonly notBefore: number },
    previous: ProjectStatus | undefined,
  ): Promise<Look<ObservedTmux>>;
  gather(input: {
    readonly uid: string;
    readonly desired: Desired;
    readonly previous: ProjectStatus | undefined;
    readonly tmux: Look<ObservedTmux>;
    readonly admission: Admission;
    readonly now: number;
  }): Promise<ObservedProject>;
  decide(input: ProjectInput): Decision;
}

export interface ProjectWorkerOptions {
  readonly specs: Pick<SpecSource, 'desiredProject'> & Partial<Pick<SpecSource, 'arrival'>>;
  readonly state: StateStore;
  readonly hands: Hands;
  readonly walk: ProjectWalk;
  readonly now: () => number;
  /** A clock that nobody sets, in milliseconds. */
  readonly steady: () => number;
  readonly newUid: () => string;
  /** In the marks of sessions. */
  readonly home?: string;
  readonly admission: (project: string) => Admission;
  /** What tools ask of it beside its spec. */
  readonly overlay: (key: Key, uid: string | undefined) => Overlay;
  /** Runs that began before belong to an earlier boot; see ProjectInput. */
  readonly rebootedAt?: number | undefined;
  /** From 0 up to 1; default: the system's. */
  readonly random?: () => number;
  /** The server for a project that has no session yet; the one on record, if any, says where it had its last. */
  readonly placeProject: (key: Key, admission: Admission, recorded: string | undefined) => string;
  /** Whether a server that is on record is this controller's. Default: each is. */
  readonly isOwnServer?: (server: string) => boolean;
  /** What was seen and is now said: for hints, metrics and probes. */
  readonly onObserved: (seen: SeenProject) => void;
  readonly onAction: (action: Action, ok: boolean, ms: number) => void;
  /** Tells an agent something, once. */
  readonly say: (word: Word) => void;
  readonly onForgotten: (key: Key, uid: string, agents: readonly string[]) => void;
  /** Whoever comes after us knows that it is gone, and what took its place: what was asked of it may go as well. */
  readonly onEndRecorded?: (key: Key, uid: string) => void;
  /** It was finished for as long as it is kept: what is kept of its agents' runs is to go. */
  readonly onExpired: (uid: string, agents: readonly string[]) => void;
}

export interface SeenProject {
  readonly key: Key;
  readonly uid: string;
  readonly desired: Desired;
  readonly tmux: Look<ObservedTmux>;
  readonly status: ProjectStatus;
  /** What was said of it before. */
  readonly previous: ProjectStatus | undefined;
  readonly claim: Claim;
  /** Where it may have work trees. */
  readonly places?: Decision['places'];
}

export interface ProjectWorker {
  /** Takes one key once round: look, decide, act, say. Rejects only where there is a bug. */
  work(key: Key, notBefore: number): Promise<Outcome>;
}

/** Between two tries while the state cannot be written, in milliseconds. */
const UNRECORDED_MS = 1000;

export function createProjectWorker(options: ProjectWorkerOptions): ProjectWorker {
  const { specs, state, hands, walk, now, rebootedAt, isOwnServer = () => true, random = Math.random } = options;
  /** What the last failed action of a project said, until one succeeds. */
  const failures = new Map<Key, string>();
  const recorder = createRecorder(state);
  const isPassing = createPassing(now);
  const pace = createCreationPace(now);
  const resuming = createResumePace({ rebootedAt, now: options.steady, random });
  const tally = createTally(options.steady);
  let journalled = 0;

  async function work(key: Key, notBefore: number): Promise<Outcome> {
    const name = nameOf(key);
    const stored = state.object(key);
    const inventory = state.inventory(key);
    if (stored === undefined && specs.desiredProject(name).type === 'Absent') {
      if (inventory !== undefined && isOwnServer(inventory.server)) await forgetUnmade(key, inventory, notBefore);
      return { type: 'Settled' };
    }
    const previous = stored?.status;
    const recorded = inventory !== undefined && isOwnServer(inventory.server) ? inventory.server : undefined;
    const request = { project: name, server: recorded, notBefore };
    // What was said last of it is to be known to whoever comes after us before anything follows from it.
    const [tmux] = await Promise.all([walk.look(request, previous), state.recorded(key)]);
    // Only now: a look may take seconds, and what was wanted before it may not be wanted any more.
    const desired = specs.desiredProject(name);
    const overlay = (known: string | undefined): Overlay => options.overlay(key, known);
    const { newUid, home } = options;
    const identity = identify({
      name,
      stored,
      desired,
      tmux,
      home,
      now: now(),
      arrival: specs.arrival?.(key),
      newUid,
      overlay,
    });
    if (identity === undefined) return { type: 'Settling' };
    const { uid } = identity.meta;
    const admission = options.admission(name);
    // Of what is seen to have no session, nor had one, nothing keeps it where it is on record.
    const isPlaced = tmux.state === 'Unknown' || previous?.session !== undefined;
    const lasting = isPlaced ? recorded : undefined;
    const seenOn = serverOf(tmux, uid);
    const server = lasting ?? seenOn ?? options.placeProject(key, admission, recorded);
    const isUnmade = stored === undefined && inventory === undefined && seenOn === undefined;
    if (isUnmade && desired.type === 'Present' && admission.type === 'Admitted') recorder.begin(key, identity, server);
    const looked = { uid, desired: identity.desired, previous, tmux, admission, now: now() };
    const observed = await walk.gather(looked);
    const decision = walk.decide({
      meta: identity.meta,
      desired: identity.desired,
      previous,
      stops: stopsOf(inventory),
      ...(inventory?.places !== undefined && { places: inventory.places }),
      observed,
      server,
      admission,
      overlay: overlay(uid),
      ...(rebootedAt !== undefined && { rebootedAt }),
      failure: failures.get(key),
      now: now(),
      uncountedMs: tally.since(key, previous?.run),
    });
    // What is going to be created is on record before it is, and stays there until it is seen gone; so is its slot.
    const queue = queueOf(identity.desired);
    await Promise.all([
      !decision.finished && recorder.put(key, { identity, decision, server, isNew: stored === undefined }),
      queue !== undefined && decision.actions.some(isMaking) && state.recorded(queue),
    ]);
    if (decision.status.agents.some(({ pid }) => pid !== undefined)) pace.ran(key);
    const heldMs = decision.actions.some(isMaking) ? waitMs(key, previous) : 0;
    const actions = heldMs === 0 ? decision.actions : decision.actions.filter(isOther);
    const ok = await carryOut(key, actions);
    const outcome = await conclude(key, identity, decision, { ok, observed, previous });
    return heldMs === 0 ? outcome : { type: 'LookAgain', inMs: heldMs };
  }

  /** The entry of an object of which nothing else is on record: a controller ended before the one was written, or the other removed. */
  async function forgetUnmade(key: Key, { uid, server }: InventoryEntry, notBefore: number): Promise<void> {
    const tmux = await walk.look({ project: nameOf(key), server, notBefore }, undefined);
    const desired = specs.desiredProject(nameOf(key));
    const isMeant = desired.type !== 'Absent' || !desired.confirmed || state.object(key) !== undefined;
    if (tmux.state === 'Known' && serverOf(tmux, uid) === undefined && !isMeant) state.removeInventory(key);
  }

  function waitMs(key: Key, previous: ProjectStatus | undefined): number {
    // Whoever comes after us would look for it where it was, find nothing, and make it once more.
    const unrecordedMs = recorder.isMoving(key) ? UNRECORDED_MS : 0;
    return Math.max(unrecordedMs, pace.wait(key), resuming.wait(key, previous?.agents ?? []));
  }

  /** What starts is started side by side; all else goes one after the other, each seen through before the next. */
  async function carryOut(key: Key, actions: readonly Action[]): Promise<boolean> {
    if (actions.length > 0) failures.delete(key);
    const starts = actions.filter(isStart);
    const results = await Promise.all(starts.map((action) => perform(key, action)));
    for (const action of actions.filter((candidate) => !isStart(candidate))) {
      results.push(await perform(key, action));
    }
    return results.every((ok) => ok);
  }

  async function perform(key: Key, action: Action): Promise<boolean> {
    journalled += 1;
    const entry = { id: `${now()}-${journalled}`, key, verb: action.type, what: describeAction(action) };
    state.journal({ ...entry, step: 'intent' });
    const startedAt = now();
    if (isMaking(action)) {
      pace.made(key);
      resuming.made(key);
    }
    const { ok, idle, error } = await hands.carryOut(action);
    state.journal({ ...entry, step: ok ? 'done' : 'failed', ...(error !== undefined && { error }) });
    options.onAction(action, ok, now() - startedAt);
    if (ok) {
      const note = idle === true ? undefined : noteOf(action);
      if (note !== undefined) state.recordEvent(about(key), note);
    } else {
      const message = `${entry.what}: ${error ?? 'failed'}`;
      failures.set(key, message);
      state.recordEvent(about(key), { type: 'Warning', reason: 'ActionFailed', message });
    }
    return ok;
  }

  async function conclude(key: Key, identity: Identity, decision: Decision, done: Done): Promise<Outcome> {
    if (!done.ok || isUpOrStuck(decision.status)) resuming.done(key);
    if (isPassing(key, decision)) return { type: 'Settling' };
    const { uid } = identity.meta;
    const { status, claim, places } = decision;
    for (const note of decision.events) state.recordEvent({ ...about(key), uid }, note);
    const { observed, previous } = done;
    options.onObserved({ key, uid, desired: identity.desired, tmux: observed.tmux, status, previous, claim, places });
    if (decision.finished) {
      const agents = Object.keys(state.inventory(key)?.agents ?? {});
      state.recordEvent(
        { ...about(key), uid },
        { type: 'Normal', reason: 'Deleted', message: 'nothing of it is left' },
      );
      const wanted = specs.desiredProject(nameOf(key));
      if (wanted.type !== 'Absent' && options.overlay(key, uid)[OVERLAY.reset] === uid) {
        const { newUid } = options;
        state.putObject(key, renewedObject(identity, wanted, { newUid, now: now(), before: status }));
      } else state.removeObject(key);
      state.removeInventory(key);
      failures.delete(key);
      pace.ran(key);
      recorder.forget(key);
      tally.forget(key);
      options.onForgotten(key, uid, agents);
      await state.recorded(key);
      options.onEndRecorded?.(key, uid);
      return wanted.type === 'Absent' ? { type: 'Settled' } : { type: 'LookAgain', inMs: 0 };
    }
    if (decision.expired) {
      options.onExpired(
        uid,
        status.agents.map(({ name }) => name),
      );
    }
    state.putObject(key, storedObject(identity, decision.status));
    tally.written(key, status.run);
    // Whoever comes after us is not to say them again, neither to agents nor to people.
    if (decision.words.length > 0 || decision.events.length > 0) await state.recorded(key);
    for (const word of decision.words) options.say(word);
    if (!done.ok) return { type: 'Failed' };
    return outcomeOf(decision);
  }

  return { work };
}

interface Done {
  readonly ok: boolean;
  readonly observed: ObservedProject;
  readonly previous: ProjectStatus | undefined;
}
