import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { agentUid } from '../api/metadata.ts';
import type { PaneOutput } from '../api/observed.ts';
import type { LogLine, LogPort, Places } from '../cli/ports.ts';
import { systemClock } from '../exec/clock.ts';
import type { ListedPane } from '../observe/pane-format.ts';
import { capturePaneOutput } from '../observe/pane-output.ts';
import { createSecrets } from '../observe/secrets.ts';
import { createFollower } from '../runtime/output/follow-output.ts';
import { type JoinedOutput, joinOutput } from '../runtime/output/join-output.ts';
import { createSpecSource } from '../store/specs/spec-source.ts';
import { createOutputReader } from '../store/state/output-log.ts';
import type { TmuxChannel } from '../tmux/reply.ts';
import { variablesOf } from './agent-output.ts';
import { createReadOnlyTmux } from './read-only-tmux.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Between two looks while following, in milliseconds. */
const FOLLOW_MS = 250;
/** Rows above the screen: more than a terminal keeps by default. */
const ROWS = 5000;

export interface LogOptions {
  readonly presets: string;
  readonly env: Env;
}

/** An agent's output: what the controller saved, and what stands in its terminal now. Has no effect on either. */
export function createLogs({ presets, env }: LogOptions): LogPort {
  return {
    async open(places, agent) {
      const reader = createReader(places, agent, { presets, env });
      const first = await reader.look();
      return { lines: first.lines, follow: (signal) => follow(reader, first, signal) };
    },
  };
}

async function* follow(reader: Reader, first: JoinedOutput, signal: AbortSignal): AsyncIterable<LogLine> {
  const { now } = systemClock;
  const take = createFollower(first, now());
  let run = first.lines.at(-1)?.run;
  while (!signal.aborted) {
    await setTimeout(FOLLOW_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const seen = await reader.look();
    const present = seen.lines.at(-1)?.run;
    // The end of a run is saved just after the next one has begun.
    if (present === run) yield* take(seen, now());
    run = present;
  }
}

interface Reader {
  look(): Promise<JoinedOutput>;
}

function createReader(places: Places, agent: string, { presets, env }: LogOptions): Reader {
  const tmux = createReadOnlyTmux(places.socket, env);
  const secrets = createSecrets(env);
  const specs = createSpecSource({
    directory: places.specs,
    presets,
    state: places.state,
    clock: systemClock,
    home: homedir(),
    readOnly: true,
  });
  const readSaved = createOutputReader(join(places.state, 'agents'), agent);
  let loaded: Promise<void> | undefined;
  let pane: { readonly server: TmuxChannel; readonly id: string } | undefined;

  async function findPane() {
    const look = await tmux.eyes.everything();
    const own = look.state === 'Known' ? look.value.filter((listed) => isOf(listed, agent)) : [];
    const [found] = own.sort((a, b) => Number(a.dead) - Number(b.dead) || compare(b.mark?.run, a.mark?.run));
    const server = tmux.servers.find(({ name }) => name === found?.server);
    return found === undefined || server === undefined ? undefined : { server, id: found.id };
  }

  async function captureOwn(): Promise<PaneOutput | undefined> {
    for (let tries = 0; tries < 2; tries += 1) {
      pane ??= await findPane();
      if (pane === undefined) return undefined;
      const seen = await capturePaneOutput(pane.server, pane, ROWS);
      if (seen !== undefined && agentUid(seen.mark.uid, seen.mark.agent) === agent) return redacted(seen);
      pane = undefined;
    }
    return undefined;
  }

  async function redacted(seen: PaneOutput): Promise<PaneOutput> {
    loaded ??= specs.reload();
    await loaded;
    const variables = variablesOf(specs, seen.mark);
    const [settled, screen] = await Promise.all([
      secrets.redact(variables, seen.settled),
      secrets.redact(variables, seen.screen),
    ]);
    return { ...seen, settled, screen };
  }

  return {
    async look() {
      // First the files: what is saved after that is seen in the terminal as well.
      const saved = readSaved();
      return joinOutput(saved, await captureOwn());
    },
  };
}

function isOf({ mark }: ListedPane, agent: string): boolean {
  return mark !== undefined && agentUid(mark.uid, mark.agent) === agent;
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : Number(a > b);
}
