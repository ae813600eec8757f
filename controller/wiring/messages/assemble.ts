/** Messages and reports, put together: where they come from, who decides on them, who delivers them. */

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentReading } from '../../api/agent-reading.ts';
import { checkInMessages } from '../../api/check-ins.ts';
import { stackOf } from '../../api/errors.ts';
import { type Key, keyOf, nameOf, ofKind } from '../../api/key.ts';
import { agentFiles, parseLaunchRecord } from '../../api/launch-record.ts';
import type { StoredObject } from '../../api/metadata.ts';
import type { Word } from '../../api/word.ts';
import type { systemClock } from '../../exec/clock.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { lookAtPane } from '../../observe/pane-look.ts';
import { decideMessage } from '../../reconcile/message/decide.ts';
import { conflicts } from '../../reconcile/reports/conflicts.ts';
import { route, toHub } from '../../reconcile/reports/route.ts';
import type { Addressee } from '../../runtime/mailbox/ports.ts';
import { createPostman } from '../../runtime/mailbox/postman.ts';
import { createRate } from '../../runtime/mailbox/rate.ts';
import { createMessageWorker, type StoredMessage } from '../../runtime/messages/message-worker.ts';
import type { SpecSource, StateStore } from '../../runtime/ports.ts';
import type { SeenProject } from '../../runtime/project-worker.ts';
import { createReports } from '../../runtime/reports/reports.ts';
import { createMailFiles } from '../../store/messages/mail-files.ts';
import { agentVariables } from '../../template/agent-variables.ts';
import type { TmuxChannel } from '../../tmux/reply.ts';
import type { Log } from '../log.ts';
import { addresseesOf, shellsOf } from './addressees.ts';
import { createCourier } from './courier.ts';
import { deciding } from './deciding.ts';
import { createDirectory } from './directory.ts';
import { createFolders } from './folders.ts';
import { createTeams } from './teams.ts';
import { createWanted } from './wanted.ts';
import { createWords } from './words.ts';

export interface MessagesOptions {
  /** Absolute: the state directory. */
  readonly directory: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: typeof systemClock;
  readonly specs: SpecSource;
  readonly state: StateStore;
  readonly server: (name: string) => TmuxChannel;
  readonly readings: (projectUid: string) => readonly AgentReading[];
  readonly metrics: Metrics;
  readonly log: Log;
  readonly hint: (key: Key) => void;
  /** The text of a word that is to be rendered; undefined if there is nothing to say. */
  readonly render: (word: Word) => Promise<string | undefined>;
  /** Whether every object was looked at since the start. */
  readonly isSynced: () => boolean;
}

/** Deliveries of all mailboxes together. */
const RATE = { perSecond: 10, burst: 10 } as const;
/** How long a team may wait for itself. MUXLET_TEAM_WAIT, in seconds, is for those who want to know sooner. */
const TEAM_WAIT_S = 600;

export function assembleMessages(options: MessagesOptions) {
  const { directory, clock, specs, state, metrics, log, hint } = options;
  const agents = join(directory, 'agents');
  const failed = (error: unknown): void => {
    log.error('messages', { error: stackOf(error) });
  };
  const broken = (path: string): void => {
    log.warn('a file that is no message is left out', { path });
  };
  const hintMessage = (name: string): void => {
    hint(keyOf('Message', name));
  };
  const onEvent = (kind: 'Message' | 'Project') => (name: string, note: Parameters<StateStore['recordEvent']>[1]) => {
    state.recordEvent({ kind, name }, note);
  };

  const people = createDirectory(specs, state);

  const folders = createFolders({
    directory,
    clock,
    broken,
    failed,
    onMessage: hintMessage,
    async onListed() {
      // Before the agents were looked at, none of their runs is known.
      if (options.isSynced()) await reports.take();
    },
  });
  const { send } = folders;

  const postman = createPostman({
    clock,
    files: createMailFiles(agents, broken),
    deciding,
    look: async (to) =>
      to.pane === undefined ? { type: 'None' } : lookAtPane(options.server(to.pane.server), to.pane, shellsOf(to)),
    courier: createCourier({ server: options.server, env: options.env, variables }),
    reading: (uid, agent) => options.readings(uid).find((reading) => reading.agent === agent),
    rate: createRate(RATE.perSecond, RATE.burst),
    onChange: ({ message }) => {
      hintMessage(message);
    },
    onEnd: ({ state: result, queuedAt, endedAt = queuedAt }) => {
      if (result === 'Queued' || result === 'Typing' || result === 'Typed') return;
      metrics.messageHooks.onEnded(result, endedAt - queuedAt);
    },
    onRetry: metrics.messageHooks.onRetry,
    onError: failed,
  });

  function variables({ project, projectUid, agent, workingDir, pane }: Addressee) {
    const record = readRecord(agentFiles(agents, projectUid, agent).launch);
    const { conversation, port } = record ?? {};
    const run = pane?.run ?? '';
    return agentVariables({
      agents,
      home: options.home,
      project,
      projectUid,
      agent,
      workingDir,
      run,
      conversation,
      port,
    });
  }

  const worker = createMessageWorker({
    wanted: createWanted(specs, folders.sent),
    directory: people.of,
    decide: decideMessage,
    records: {
      get: (key) => state.object(key) as unknown as StoredMessage | undefined,
      put: (key, object) => {
        state.putObject(key, object as unknown as StoredObject);
      },
      remove: state.removeObject,
    },
    postman,
    removeSent: folders.remove,
    onEvent: onEvent('Message'),
    newUid: randomUUID,
    now: clock.now,
  });

  const reports = createReports({
    list: folders.reports.list,
    remove: folders.reports.remove,
    project: people.project,
    agent: (project, agent) =>
      state.object(keyOf('Project', project))?.status.agents.find(({ name }) => name === agent),
    recorded: (project) => state.recorded(keyOf('Project', project)),
    deciding: { route, conflicts, toHub },
    send,
    onEvent: onEvent('Project'),
    onReport: (project) => {
      hint(keyOf('Project', project));
    },
  });

  const teams = createTeams({
    afterMs: Number(options.env['MUXLET_TEAM_WAIT'] ?? TEAM_WAIT_S) * 1000,
    send,
    onEvent: onEvent('Project'),
    hintIn: (project, ms) =>
      void clock.after(ms, () => {
        hint(keyOf('Project', project));
      }),
    now: clock.now,
  });

  /** What is wanted of each project's agents, as far as it concerns who gets what. */
  const faces = new Map<string, Face>();

  const words = createWords({ postman, render: options.render, now: clock.now, failed });

  return {
    worker,
    say: words.say,
    words: words.of,
    reports: reports.of,
    depth: postman.depth,
    async start(signal: AbortSignal): Promise<void> {
      await postman.load();
      await folders.start(signal);
    },
    seen(project: SeenProject): void {
      const found = addresseesOf(project);
      if (found !== undefined && project.desired.type === 'Present') {
        postman.seen(project.uid, found, project.desired.confirmed);
        hintOnChange(project);
      }
      teams.seen(project);
      postman.wake(project.uid);
    },
    forgotten(key: Key, uid: string): void {
      postman.forget(uid);
      teams.forget(uid);
      faces.delete(nameOf(key));
      for (const known of messageKeys()) hint(known);
    },
    close: postman.close,
  };

  function hintOnChange({ key, desired, uid }: SeenProject): void {
    if (desired.type !== 'Present') return;
    const before = faces.get(nameOf(key));
    // At rest it is the very same value.
    if (before?.desired === desired && before.uid === uid) return;
    const { agents: wantedAgents, labels } = desired.project;
    const words = wantedAgents.map(({ name, briefing, checkIns }) => [name, briefing?.role?.name, checkIns]);
    const face = JSON.stringify([uid, words, labels, desired.confirmed]);
    faces.set(nameOf(key), { desired, uid, face });
    if (before?.face === face) return;
    for (const { metadata } of checkInMessages(nameOf(key), wantedAgents)) hintMessage(metadata.name);
    for (const known of messageKeys()) hint(known);
  }

  function messageKeys(): Key[] {
    return ofKind('Message', [...specs.keys(), ...state.keys()]);
  }
}

/** What is wanted of a project, as it was last hinted at. */
interface Face {
  readonly desired: SeenProject['desired'];
  readonly uid: string;
  readonly face: string;
}

function readRecord(path: string) {
  try {
    return parseLaunchRecord(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
