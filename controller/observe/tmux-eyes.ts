import {
  type Look,
  type ObservedPane,
  type ObservedTmux,
  type PaneMark,
  type PaneOutput,
  SAVED_ROWS,
} from '../api/observed.ts';
import { isSameList } from '../api/same-list.ts';
import { failureReason } from '../tmux/failure.ts';
import type { TmuxChannel } from '../tmux/reply.ts';
import { createHomes, type Home, isComplete } from './homes.ts';
import { createLastOutputs, type EndedPane } from './last-outputs.ts';
import { byProject, fromLatest, type Listing, onceEach, onlyProject, placeOf, sessionsOf } from './listing.ts';
import { LIST_ALL, type ListedPane, listProject, listSession } from './pane-format.ts';
import { capturePaneOutput, lastLines } from './pane-output.ts';
import type { PaneProcesses } from './pane-processes.ts';
import { createPaneReader } from './pane-reader.ts';
import type { Heard } from './terminal-hints.ts';

/** A server as the eyes need it. */
export interface EyeServer extends TmuxChannel {
  readonly name: string;
}

export interface TmuxEyesOptions {
  readonly servers: () => readonly EyeServer[];
  readonly processes: PaneProcesses;
  /** A clock that nobody can set: looks are told from one another by it. */
  readonly now: () => number;
  /** `full`: of all projects; `project`: of one. Milliseconds. */
  readonly onLook: (scope: 'full' | 'project', ms: number) => void;
  /** Told, while tmux is asked, of panes of ours whose process was there at the last look and has ended. */
  readonly onEnded?: (mark: PaneMark) => void;
  /** What was heard of a run: of who is listened to nobody asks the process table. Default: nothing of any. */
  readonly heardOf?: (run: string) => Heard | undefined;
}

export interface LookRequest {
  readonly project: string;
  /** The only server to look at, if it is known where the project is. */
  readonly server: string | undefined;
  /** The look must have begun later than this, milliseconds since the epoch: in the same millisecond may be before. */
  readonly notBefore: number;
  /** The agents that are on record, each of which may be anywhere; undefined: that is not known. */
  readonly agents: readonly string[] | undefined;
  /** Runs whose end is on record. */
  readonly knownEnds: ReadonlySet<string>;
}

export interface TmuxEyes {
  project(request: LookRequest): Promise<Look<ObservedTmux>>;
  /** The last lines that a pane's present run has printed; [] if the pane is gone. */
  output(pane: Pick<ObservedPane, 'server' | 'id' | 'mark'>): Promise<readonly string[]>;
  /** All that was in a pane of the project when its process had ended, if the last look has asked for it. */
  lastOutput(project: string, pane: Pick<ObservedPane, 'server' | 'id'>): PaneOutput | undefined;
  /** Looks at every pane of every server; what it saw serves `project` as well. */
  everything(): Promise<Look<readonly ListedPane[]>>;
  /** Begins to look where the project was last: somebody will ask for it in a moment. */
  begin(project: string): void;
  /** A server is gone: nothing is looked for any more where it was. */
  lost(server: string): void;
}

interface ObservedProjectPanes {
  readonly listed: readonly ListedPane[];
  readonly own: readonly ListedPane[];
  readonly value: ObservedTmux;
}

/** The last look at everything. One that shows the same holds the same list. */
interface LatestListing {
  readonly startedAt: number;
  readonly list: readonly ListedPane[];
  readonly panes: ReadonlyMap<string, readonly ListedPane[]>;
}

/** A look at where a project was last, that is under way. */
interface HomeLook {
  readonly startedAt: number;
  readonly home: Home;
  readonly listing: Promise<Listing>;
}

/** A look that was begun so long before it is asked for serves no more, in milliseconds. */
const MOMENT_MS = 50;
/** More looks than this at once are cheaper as one look at everything. */
const LOOKS_AT_ONCE = 4;
const LOOK_TIMEOUT_MS = 5000;

export function createTmuxEyes(options: TmuxEyesOptions): TmuxEyes {
  const { servers, processes, now, onLook, onEnded, heardOf = () => undefined } = options;
  let latest: LatestListing | undefined;
  let inFlight: { readonly startedAt: number; readonly listing: Promise<Listing> } | undefined;
  let singles = 0;
  const homes = createHomes();
  const reader = createPaneReader();
  /** What was last made of a pane as it is listed, and of a project's, by the first of them. */
  const observedPanes = new WeakMap<ListedPane, ObservedPane>();
  const observed = new WeakMap<ListedPane, ObservedProjectPanes>();
  const early = createLastOutputs();
  /** By project. */
  const begun = new Map<string, HomeLook>();

  async function list(line: string, targets: readonly EyeServer[]): Promise<Listing> {
    const at = now();
    const panes: ListedPane[] = [];
    const replies = await Promise.all(
      targets.map(async (server) => ({ server, reply: await server.request(line, LOOK_TIMEOUT_MS) })),
    );
    for (const { server, reply } of replies) {
      if (reply.type === 'Done') {
        const read = line === LIST_ALL ? reader.all : reader.some;
        for (const pane of read(server.name, reply.lines)) panes.push(pane);
      } else if (reply.type !== 'Gone') {
        return { state: 'Unknown', at, reason: failureReason(reply), message: `${server.name}: ${reply.error}` };
      }
    }
    return { state: 'Known', at, value: panes };
  }

  function everything(): Promise<Listing> {
    const startedAt = now();
    const listing = list(LIST_ALL, servers()).then((look) => {
      onLook('full', now() - startedAt);
      if (look.state === 'Unknown' || startedAt < (latest?.startedAt ?? 0)) return look;
      const before = latest !== undefined && isSameList(latest.list, look.value) ? latest : undefined;
      latest = { startedAt, list: before?.list ?? look.value, panes: before?.panes ?? byProject(look.value) };
      return { ...look, value: latest.list };
    });
    inFlight = { startedAt, listing };
    return listing;
  }

  async function listingFor(request: LookRequest): Promise<Listing> {
    const { project, notBefore } = request;
    const ahead = takeBegun(request);
    if (ahead !== undefined) return listFor(request, ahead);
    early.forget(project);
    if (latest !== undefined && latest.startedAt > notBefore) return learn(project, fromLatest(project, latest));
    if (inFlight !== undefined && inFlight.startedAt > notBefore) {
      const joined = onlyProject(await inFlight.listing, project);
      // Another server may have given no answer: of one that is known to be on its own only that is asked.
      if (joined.state === 'Known' || request.server === undefined) return learn(project, joined);
    }
    if (singles >= LOOKS_AT_ONCE) return learn(project, onlyProject(await everything(), project));
    return listFor(request);
  }

  function learn(project: string, listing: Listing): Listing {
    if (listing.state === 'Known') homes.learn(project, listing.value);
    return listing;
  }

  function takeBegun({ project, notBefore }: LookRequest): HomeLook | undefined {
    const one = begun.get(project);
    begun.delete(project);
    const serves = one !== undefined && one.startedAt > notBefore && now() - one.startedAt <= MOMENT_MS;
    return serves ? one : undefined;
  }

  async function listFor(request: LookRequest, ahead?: HomeLook): Promise<Listing> {
    singles += 1;
    const startedAt = now();
    if (ahead === undefined) begun.delete(request.project);
    try {
      return (await listHome(request, ahead)) ?? (await searchFor(request));
    } finally {
      singles -= 1;
      onLook('project', now() - startedAt);
    }
  }

  /** The project's session alone, if that is sure to show all of it. */
  async function listHome(
    { project, server, agents }: LookRequest,
    ahead: HomeLook | undefined,
  ): Promise<Listing | undefined> {
    const home = homes.of(project);
    if (home === undefined || agents === undefined) return undefined;
    if (server !== undefined && server !== home.server) return undefined;
    const look = ahead?.home === home ? ahead : lookAtHome(home);
    const ended = askForLastLines(project, home);
    // While tmux is at it.
    for (const { mark } of ended) onEnded?.(mark);
    const listing = await look.listing;
    // Who does not answer is not asked again: that would take as long once more.
    if (listing.state === 'Unknown' && listing.reason === 'TmuxUnresponsive') return listing;
    return listing.state === 'Known' && isComplete(project, listing.value, agents)
      ? learn(project, listing)
      : undefined;
  }

  function lookAtHome(home: Home): HomeLook {
    return { startedAt: now(), home, listing: list(listSession(home.sessionId), serversOf(home)) };
  }

  function serversOf(home: Home): readonly EyeServer[] {
    return servers().filter(({ name }) => name === home.server);
  }

  /**
   * Asked for behind the list, which says whether they are the last ones: only of a pane that is listed as dead tmux has
   * read all. Else the next list has its own.
   */
  function askForLastLines(project: string, home: Home): readonly EndedPane[] {
    const ended = home.panes.flatMap(({ dead, server, id, pid, mark }): EndedPane[] =>
      !dead && mark !== undefined && hasEnded(mark, pid) ? [{ server, id, mark }] : [],
    );
    for (const server of serversOf(home)) early.ask(project, server, ended);
    return ended;
  }

  function hasEnded({ run }: PaneMark, pid: number): boolean {
    const heard = heardOf(run);
    return heard === undefined ? processes.hasEnded(pid) : heard === 'Ended';
  }

  async function searchFor({ project, server }: LookRequest): Promise<Listing> {
    early.forget(project);
    const targets = servers().filter(({ name }) => server === undefined || server === name);
    return learn(project, onlyProject(await list(listProject(project), targets), project));
  }

  return {
    everything,
    begin(project) {
      for (const [other, { startedAt }] of begun) if (now() - startedAt > MOMENT_MS) begun.delete(other);
      const home = homes.of(project);
      if (home === undefined || begun.has(project) || begun.size + singles >= LOOKS_AT_ONCE) return;
      const look = lookAtHome(home);
      // Where nobody asks for it, nobody hears of its failure either.
      look.listing.catch(() => undefined);
      begun.set(project, look);
    },
    lost: homes.lose,
    async project(request) {
      const look = observeAll(await listingFor(request));
      if (look.state === 'Unknown' || !look.value.panes.some((pane) => isBehind(pane, request))) return look;
      const second = observeAll(await listFor(request));
      if (second.state === 'Unknown') return second;
      // Collected between this list and the look at the process: only a list from after that can say how it ended.
      const gone = new Set(look.value.panes.flatMap(({ process, mark }) => (process === 'Gone' ? [mark?.run] : [])));
      const isNewlyGone = (pane: ObservedPane) => pane.dead && isBehind(pane, request) && !gone.has(pane.mark?.run);
      return second.value.panes.some(isNewlyGone) ? observeAll(await listFor(request)) : second;
    },
    output({ server: name, id, mark }) {
      const known = mark && early.linesOf({ server: name, id, mark });
      const server = servers().find((one) => one.name === name);
      return known ?? (server === undefined ? Promise.resolve([]) : linesOf(server, id));
    },
    lastOutput: early.of,
  };

  async function linesOf(server: EyeServer, id: string): Promise<readonly string[]> {
    const output = await capturePaneOutput(server, { id }, SAVED_ROWS);
    return output === undefined ? [] : lastLines(server, { id }, output);
  }

  /** A look that shows the same as the one before gives the same value, so that nobody compares it by its parts. */
  function observeAll(listing: Listing): Look<ObservedTmux> {
    if (listing.state === 'Unknown') return listing;
    const { value: listed } = listing;
    const [first] = listed;
    const known = first === undefined ? undefined : observed.get(first);
    const before = known !== undefined && isSameList(known.listed, listed) ? known : undefined;
    const own = before?.own ?? onceEach(listed);
    const panes = own.map(observe);
    if (before !== undefined && isSameList(before.value.panes, panes)) return { ...listing, value: before.value };
    const value = { sessions: before?.value.sessions ?? sessionsOf(listed), panes };
    if (first !== undefined) observed.set(first, { listed, own, value });
    return { ...listing, value };
  }

  function observe(pane: ListedPane): ObservedPane {
    const { process, processStart, ended, ours } = processes.look(pane);
    const { placeholderOf, windowMark } = pane;
    const mark = ours ? pane.mark : undefined;
    const before = ended === undefined ? observedPanes.get(pane) : undefined;
    if (before?.process === process && before.processStart === processStart && before.mark === mark) return before;
    const seen = {
      ...placeOf(pane),
      ...ended,
      process,
      ...(processStart !== undefined && { processStart }),
      ...(windowMark !== undefined && { windowAgent: windowMark.agent, windowUid: windowMark.uid }),
      ...(mark !== undefined && { mark }),
      ...(placeholderOf !== undefined && { placeholderOf }),
    };
    if (ended === undefined) observedPanes.set(pane, seen);
    return seen;
  }
}

/**
 * The process ended between the listing and the look at it, and tmux knows more by now: that the pane is dead, if it
 * was listed as alive; or how it ended, if it was listed as dead without a status, and the process was not there any
 * more. Only what a second listing shows as well is how things are.
 */
function isBehind(pane: ObservedPane, { knownEnds }: LookRequest): boolean {
  const { dead, process, mark } = pane;
  if (mark === undefined || knownEnds.has(mark.run)) return false;
  if (!dead) return process === 'Zombie' || process === 'Gone';
  return process === 'Gone' && pane.exitCode === undefined && pane.signal === undefined;
}
