// One agent of the class under test in one project of a running controller, in a world of its own: directories, a HOME,
// a tmux server, and the model API. All that a step does goes through what this opens.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import { projectYaml, type Running, type World } from '../../e2e/support/world.ts';
import type { Behaviour } from '../model-api/behaviour.ts';
import type { RequestRecord } from '../model-api/request-record.ts';
import type { ModelApi } from '../model-api/start-model-api.ts';
import { pathWith, programOf } from '../programs.mjs';
import { eventually } from '../support/eventually.ts';
import { makeRepository, openWorld } from './open-world.ts';
import { type Recorder, startRecorder } from './recorder.ts';
import type { Place, WalkedClass } from './walked-class.ts';

const PROJECT = 'walk';
const AGENT = 'agent';
export const BRIEFING = 'You are the agent of a walk.\nAnswer "yes", $HOME and `ticks` are to stay.';

export interface Walk extends Recorder {
  readonly walked: WalkedClass;
  readonly api: ModelApi;
  readonly label: string;
  readonly world: World;
  /** As the file of the status shows it. */
  readonly status: () => AgentStatus | undefined;
  /** As `muxlet get agent -o json` shows it. */
  readonly stateOf: () => Promise<AgentStatus>;
  /** Notes what the agent truly does from `at` on (now, unless told). */
  readonly truly: (states: string | readonly string[], what: string, at?: number) => void;
  /** Resolves once the status shows it. */
  readonly untilState: (state: string, reason?: string, deadlineMs?: number) => Promise<AgentStatus>;
  /** Fails as soon as the status shows another state within that time. */
  readonly staysSo: (state: string, forMs: number) => Promise<void>;
  /**
   * Resolves once the status has shown the state for so long, with the time since when it does. What it showed before is for
   * the judge of all that was shown: a busy machine may show the state of before, then what came in between, and then this.
   */
  readonly comesToStay: (state: string, forMs: number) => Promise<number>;
  /** Writes the project, and with it starts the agent; with more fields of the agent's, if told. */
  readonly apply: (more?: Readonly<Record<string, unknown>>) => void;
  /** The same for one that runs already: resolves once the controller goes by it. */
  readonly change: (more?: Readonly<Record<string, unknown>>) => Promise<void>;
  /** `muxlet send` to the agent; gives the message's name. */
  readonly send: (text: string) => Promise<string>;
  /** A person at the terminal: text, a moment, Enter. The agent is Busy from then on, unless told otherwise. */
  readonly types: (text: string, states?: string | readonly string[]) => Promise<void>;
  readonly presses: (keys: readonly string[]) => Promise<void>;
  readonly screen: () => Promise<string>;
  readonly queue: (...behaviours: readonly Behaviour[]) => void;
  /** The newest main request after `mark` of them, once it has come. */
  readonly request: (mark: number, deadlineMs?: number) => Promise<RequestRecord>;
  readonly mainRequests: () => RequestRecord[];
  /** Lets what stalls go on; the agent is Idle from the end of the answer on. */
  readonly letEnd: () => Promise<void>;
  /** SIGKILL, and a new one. */
  readonly killController: () => Promise<void>;
  readonly startController: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const TYPING_MS = 300;
const BETWEEN_KEYS_MS = 500;
/** For what should take a moment; a machine that is several times slower is no mistake, and how late it was is counted. */
const SHOWN_MS = 40_000;
/** How much of a text has to stand on the screen, in characters from its end. */
const TAIL = 10;
/** A program need not show what is typed. */
const ECHO_MS = 5000;

export async function openWalk(walked: WalkedClass, api: ModelApi, label: string, account = false): Promise<Walk> {
  const { world, close } = await openWorld();
  const exported = account ? (walked.exportedOfAccount ?? walked.exported) : walked.exported;
  Object.assign(world.env, { PATH: pathWith(programOf(walked.name)), SHELL: '/bin/sh', ...exported });
  const place: Place = { url: api.url(label), home: world.env['HOME'] ?? '', directory: world.work };
  makeRepository(world.work);
  // Programs see through it, and remember by the place that it leads to what they were allowed there.
  const link = join(world.root, 'link');
  symlinkSync(world.work, link);
  walked.configure?.(place);
  let controller: Running = await world.start();
  const status = () => world.agent(PROJECT, AGENT);
  const recorder = startRecorder(status);
  const pane = () => status()?.pane?.id ?? '';
  const screen = () => world.tmux('capture-pane', '-p', '-t', pane());
  const mainRequests = () => api.requests(label).filter(({ main }) => main);
  const truly = (states: string | readonly string[], what: string, at = Date.now()) => {
    recorder.truths.push({ at, states: typeof states === 'string' ? [states] : states, what });
  };
  const presses = async (keys: readonly string[]) => {
    for (const [index, key] of keys.entries()) {
      // Two at once may be read as another: Escape twice is Escape with Alt.
      if (index > 0) await pause(BETWEEN_KEYS_MS);
      await world.tmux('send-keys', '-t', pane(), key);
    }
  };
  /**
   * Text and Enter that a busy program reads at once are a paste to it, and nothing is submitted: Enter comes once the text
   * stands there.
   */
  const echoed = async (text: string) => {
    for (const end = Date.now() + ECHO_MS; Date.now() < end; await pause(TYPING_MS)) {
      if ((await screen()).includes(text.slice(-TAIL))) return;
    }
  };
  const now = async () => `${JSON.stringify(status())}\n${await screen().catch(String)}`;
  const apply = (more: Readonly<Record<string, unknown>> = {}) => {
    const env = Object.entries(walked.env(place)).map(([name, value]) => ({ name, value }));
    const agent = { class: walked.name, args: walked.args, env, briefing: BRIEFING, ...more };
    world.spec('walk.yaml', projectYaml(PROJECT, { [AGENT]: agent }, { workingDir: link }));
  };
  return {
    ...recorder,
    walked,
    api,
    label,
    world,
    status,
    truly,
    presses,
    screen,
    mainRequests,
    async stateOf() {
      const { stdout, stderr, code } = await world.muxlet('get', 'agent', `${PROJECT}.${AGENT}`, '-o', 'json');
      if (code !== 0) throw new Error(stderr);
      return (JSON.parse(stdout) as { status: AgentStatus }).status;
    },
    untilState: (state, reason, deadlineMs = SHOWN_MS) =>
      eventually(
        () => {
          const seen = status();
          return seen?.state === state && (reason === undefined || seen.reason === reason) ? seen : undefined;
        },
        async () => `${state}${reason === undefined ? '' : `/${reason}`}; it is ${await now()}`,
        deadlineMs,
      ),
    async staysSo(state, forMs) {
      for (const end = Date.now() + forMs; Date.now() < end; await pause(50)) {
        const seen = status();
        if (seen?.state !== state) throw new Error(`it did not stay ${state}: ${await now()}`);
      }
    },
    async comesToStay(state, forMs) {
      let since = Number.POSITIVE_INFINITY;
      return eventually(
        () => {
          const at = Date.now();
          since = status()?.state === state ? Math.min(since, at) : Number.POSITIVE_INFINITY;
          return at - since >= forMs ? since : undefined;
        },
        async () => `${state} for ${forMs} ms; it is ${await now()}`,
        forMs + SHOWN_MS,
      );
    },
    async change(more = {}) {
      const generation = () => world.status(PROJECT)?.status.observedGeneration ?? 0;
      const before = generation();
      apply(more);
      await eventually(
        () => generation() > before || undefined,
        () => `the change of the spec; its generation is still ${before}`,
        SHOWN_MS,
      );
    },
    apply,
    async send(text) {
      const { stdout, stderr, code } = await world.muxlet('send', '--to', `${PROJECT}/${AGENT}`, '--', text);
      if (code !== 0) throw new Error(stderr);
      return stdout.trim();
    },
    async types(text, states = 'Busy') {
      await world.tmux('send-keys', '-t', pane(), '-l', '--', text);
      await pause(TYPING_MS);
      await echoed(text);
      truly(states, `a person typed ${JSON.stringify(text)}`);
      await presses(['Enter']);
    },
    queue: (...behaviours) => api.queue(label, ...behaviours),
    request: (mark, deadlineMs = 60_000) =>
      eventually(
        () => (mainRequests().length > mark ? mainRequests().at(-1) : undefined),
        async () => `request ${mark + 1}; it is ${await now()}`,
        deadlineMs,
      ),
    async letEnd() {
      const mark = mainRequests().length;
      api.release(label);
      const ended = await eventually(
        () => mainRequests()[mark - 1]?.endedAt,
        () => 'the end of the answer',
        SHOWN_MS,
      );
      truly('Idle', 'the last answer was over', ended);
    },
    killController: async () => void (await controller.end('SIGKILL')),
    async startController() {
      controller = await world.start();
    },
    async close() {
      recorder.stop();
      api.clear(label);
      api.release(label);
      await close();
    },
  };
}
