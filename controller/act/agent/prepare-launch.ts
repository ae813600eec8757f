/**
 * What an agent's program needs before it is started: which conversation, with which arguments and variables, its files,
 * its hook, its first prompt. Knows the mechanisms alone; what is particular to a program comes from its class. Writes
 * to the agent's own folder and to the files that the class names, and starts nothing.
 */
import { rmSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { Owner } from '../../api/action.ts';
import type { DesiredAgent, DesiredEnv } from '../../api/desired.ts';
import { agentFiles, type LaunchMode, type LaunchRecord } from '../../api/launch-record.ts';
import { type AgentPlace, agentVariables, mentions } from '../../template/agent-variables.ts';
import {
  composeArgv,
  composeEnv,
  composeFiles,
  composeIfExists,
  isPlain,
  isToldLater,
} from '../../template/compose-launch.ts';
import { boundRecords } from './bound-records.ts';
import { type Choice, chooseConversation } from './choose-conversation.ts';
import { fileExists } from './find-file.ts';
import { hookScript } from './hook-script.ts';
import type { LaunchRecords } from './launch-records.ts';
import type { FileMerger } from './merge-file.ts';
import { writeOwnFile } from './own-file.ts';
import { provideFiles } from './provide-files.ts';

/** One start, as it is asked for. */
export interface LaunchRequest {
  readonly owner: Owner;
  readonly agent: DesiredAgent;
  readonly run: string;
}

type Variables = Readonly<Record<string, string>>;

export interface PreparedLaunch {
  readonly argv: readonly string[];
  /** Its own variables, secrets included. */
  readonly variables: Variables;
  /** Whether the program is sure to be executed. */
  readonly isSure: boolean;
}

export interface PrepareOptions {
  /** state/agents, absolute. */
  readonly agents: string;
  /** The controller's own HOME: an agent's is the same unless its spec says another. */
  readonly home: string;
  readonly records: LaunchRecords;
  readonly merger: FileMerger;
  /** Values of an agent's variables; throws MuxletError MUX_SECRET_UNREADABLE. */
  readonly resolveEnv: (env: readonly DesiredEnv[]) => Promise<Variables>;
  /** All variables of an agent, by its own: those that its class hands on, and those of every agent. */
  readonly completeEnv: (agent: DesiredAgent, own: Variables) => Variables;
  /** What an agent is told at its start; undefined if there is nothing to say. Throws MuxletError MUX_TEMPLATE. */
  readonly briefingOf: (owner: Owner, agent: DesiredAgent, mode: LaunchMode) => Promise<string | undefined>;
  /** Whether the program is there, as was seen a moment ago, and needs no other that may be missing. */
  readonly isSure: (agent: DesiredAgent, argv: readonly string[], variables: Variables) => Promise<boolean>;
  readonly newId: () => string;
  readonly freePort: () => Promise<number>;
  readonly now: () => number;
}

export interface LaunchPreparer {
  /** Before each start of an agent. @throws MuxletError MUX_TEMPLATE, MUX_FILE_UNMERGEABLE, MUX_SECRET_UNREADABLE. */
  prepare(request: LaunchRequest): Promise<PreparedLaunch>;
  /** The variables of a run that was started already: for what runs beside the agent, as its probes do. */
  variablesOf(request: LaunchRequest): Promise<Variables>;
  /** Puts back what an agent that runs cannot do without, if somebody deleted its folder. */
  restore(request: LaunchRequest): void;
}

const DEFAULT_MAX_PROMPT = 100_000;

export function createLaunchPreparer(options: PrepareOptions): LaunchPreparer {
  const { agents, records } = options;

  async function placeOf({ owner, agent, run }: LaunchRequest): Promise<AgentPlace> {
    // A program asks the system where it is, and is told of no symbolic link on the way there.
    const workingDir = await realpath(agent.workingDir).catch(() => agent.workingDir);
    const ownHome = agent.env.find((variable) => variable.name === 'HOME' && 'value' in variable);
    const home = ownHome !== undefined && 'value' in ownHome ? ownHome.value : options.home;
    return { agents, home, project: owner.project, projectUid: owner.uid, agent: agent.name, workingDir, run };
  }

  async function variables(agent: DesiredAgent, place: AgentPlace): Promise<Variables> {
    return options.completeEnv(agent, await options.resolveEnv(composeEnv(agent, agentVariables(place))));
  }

  function choose({ owner, agent }: LaunchRequest, place: AgentPlace): Choice {
    return chooseConversation(agent.program, {
      record: records.read(owner.uid, agent.name),
      exists: (conversation) => {
        const path = composeIfExists(agent, agentVariables({ ...place, conversation }));
        return path === undefined || fileExists(path);
      },
      newId: options.newId,
    });
  }

  /** The briefing stands in a file in any case; what is too long for a command line is only pointed to. */
  function promptOf(text: string | undefined, agent: DesiredAgent, file: string): string | undefined {
    if (text === undefined) {
      rmSync(file, { force: true });
      return undefined;
    }
    writeOwnFile(file, text.endsWith('\n') ? text : `${text}\n`);
    const most = agent.program.prompt?.maxBytes ?? DEFAULT_MAX_PROMPT;
    return Buffer.byteLength(text) <= most ? text : `Read ${file} and follow it: it is your briefing.`;
  }

  async function prepared(agent: DesiredAgent, argv: readonly string[], env: Variables): Promise<PreparedLaunch> {
    return { argv, variables: env, isSure: await options.isSure(agent, argv, env) };
  }

  return {
    async prepare(request) {
      const { owner, agent, run } = request;
      if (isPlain(agent)) {
        const own = await options.resolveEnv(agent.env);
        return prepared(agent, [...agent.argv, ...agent.args], options.completeEnv(agent, own));
      }
      const first = await placeOf(request);
      const files = agentFiles(agents, owner.uid, agent.name);
      const { mode, conversation } = choose(request, first);
      const port = mentions(agent.program, 'port') ? await options.freePort() : undefined;
      const briefing = await options.briefingOf(owner, agent, mode);
      const prompt = promptOf(briefing, agent, files.briefing);
      const place = { ...first, conversation, port, prompt };
      const known = agentVariables(place);
      const argv = composeArgv(agent, mode, known);
      const env = await variables(agent, place);
      boundRecords(files.records);
      if (mentions(agent.program, 'hook')) writeOwnFile(files.hook, hookScript(run, files.records), true);
      if (mentions(agent.program, 'inputFile')) writeOwnFile(files.input, '');
      const material = { directory: files.directory, variables: known, envOf: (name: string) => env[name] };
      await provideFiles(composeFiles(agent, material), options.merger);
      const record: LaunchRecord = {
        run,
        at: options.now(),
        mode,
        ...(conversation !== undefined && { conversation }),
        ...(port !== undefined && { port }),
        ...(prompt !== undefined && { prompt: files.briefing }),
        ...(prompt !== undefined && isToldLater(agent, mode) && { untold: true }),
      };
      records.write(owner.uid, agent.name, record);
      return prepared(agent, argv, env);
    },
    async variablesOf(request) {
      const { owner, agent } = request;
      if (isPlain(agent)) return options.completeEnv(agent, await options.resolveEnv(agent.env));
      const place = await placeOf(request);
      const { conversation, port } = records.read(owner.uid, agent.name) ?? {};
      return variables(agent, { ...place, conversation, port });
    },
    restore({ owner, agent, run }) {
      if (isPlain(agent) || !mentions(agent.program, 'hook')) return;
      const { hook, records: file } = agentFiles(agents, owner.uid, agent.name);
      if (!fileExists(hook)) writeOwnFile(hook, hookScript(run, file), true);
    },
  };
}
