import { readFile, realpath } from 'node:fs/promises';
import type { DesiredAgent } from '../api/desired.ts';
import type { Key } from '../api/key.ts';
import { agentFiles, type LaunchRecord, parseLaunchRecord } from '../api/launch-record.ts';
import type { PaneMark } from '../api/observed.ts';
import { captureScreen, listFaces } from '../observe/agent/faces.ts';
import { findFile } from '../observe/agent/find-file.ts';
import { askJson } from '../observe/agent/http-json.ts';
import { openJsonFile } from '../observe/agent/json-file.ts';
import { openRecords } from '../observe/agent/records.ts';
import { watchFolder } from '../observe/agent/watch-folder.ts';
import type { Secrets } from '../observe/secrets.ts';
import type { Clock } from '../runtime/ports.ts';
import type { EvidenceEyes } from '../runtime/readings/eyes.ts';
import { createReader, type Reader } from '../runtime/readings/reader.ts';
import type { RunFacts } from '../runtime/readings/target.ts';
import { agentVariables, mentions } from '../template/agent-variables.ts';
import { renderLoosely } from '../template/render-loosely.ts';
import type { TmuxServers } from '../tmux/servers.ts';
import type { Log } from './log.ts';

export interface ReadingsOptions {
  readonly clock: Clock;
  readonly servers: TmuxServers;
  readonly secrets: Secrets;
  /** state/agents */
  readonly agentsDirectory: string;
  /** The controller's own HOME: an agent's is the same unless its spec says another. */
  readonly home: string;
  readonly log: Log;
  readonly onChange: (key: Key) => void;
  readonly onError: (error: unknown) => void;
}

/** Fits what the reader wants to know to what the eyes see. */
export function createReadings(options: ReadingsOptions): Reader {
  const { clock, servers, secrets, agentsDirectory, home, log, onChange, onError } = options;
  const eyes: EvidenceEyes = {
    async faces() {
      const at = clock.now();
      const lists = await Promise.all(servers.all().map(listFaces));
      const faces = lists.flatMap((list) => list ?? []);
      return { at, panes: new Map(faces.map((face) => [`${face.server} ${face.id}`, face])) };
    },
    screen: ({ server, id }) => captureScreen(servers.get(server), id),
    records: openRecords,
    jsonFile: openJsonFile,
    find: findFile,
    askJson,
    watch: watchFolder,
  };
  return createReader({
    clock,
    eyes,
    render: renderLoosely,
    factsOf: (agent, mark) => runFacts(agent, mark, { agentsDirectory, home }),
    redact: (agent, lines) => secrets.redact(agent.env, lines),
    onChange,
    onFault: ({ message }) => {
      log.warn('a pattern of a class cannot be used', { message });
    },
    onError,
  });
}

interface Places {
  readonly agentsDirectory: string;
  readonly home: string;
}

async function runFacts(agent: DesiredAgent, mark: PaneMark, { agentsDirectory, home }: Places): Promise<RunFacts> {
  const files = agentFiles(agentsDirectory, mark.uid, mark.agent);
  const launch = await launchOf(files.launch, mark.run);
  const ownHome = agent.env.find((entry) => entry.name === 'HOME' && 'value' in entry);
  const variables = agentVariables({
    agents: agentsDirectory,
    home: ownHome !== undefined && 'value' in ownHome ? ownHome.value : home,
    project: mark.project,
    projectUid: mark.uid,
    agent: mark.agent,
    workingDir: await realpath(agent.workingDir).catch(() => agent.workingDir),
    run: mark.run,
    port: launch?.port,
    prompt: launch?.prompt,
  });
  const conversation = launch?.conversation;
  return {
    folder: files.directory,
    hookFile: files.records,
    variables,
    ...(conversation !== undefined && { conversation }),
    promptGiven: launch?.prompt !== undefined && launch.untold !== true && handsPrompt(agent),
    ...(launch?.untold === true && { untold: true }),
  };
}

/** A class may give its program no prompt: then the briefing stands in its file, and nobody is to wait for it to be taken. */
function handsPrompt({ program: { start, resume, prompt, files, env } }: DesiredAgent): boolean {
  return mentions({ start, resume, prompt, files, env }, 'prompt');
}

/** What was settled at the run's start; undefined if the record is of another run. */
async function launchOf(path: string, run: string): Promise<LaunchRecord | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const launch = parseLaunchRecord(text);
  return launch?.run === run ? launch : undefined;
}
