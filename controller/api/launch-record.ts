import { agentUid } from './metadata.ts';

/** Whether a run begins a conversation or goes on with one. */
export type LaunchMode = 'Start' | 'Resume';

/**
 * What is on record of an agent's last start: `state/agents/UID/launch.json`. Written before each start of an agent
 * whose class says more of it than a command; the conversation is added once the program has named it.
 */
export interface LaunchRecord {
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly mode: LaunchMode;
  readonly conversation?: string;
  /** The loopback port that it was given. */
  readonly port?: number;
  /** The file that holds its first prompt. */
  readonly prompt?: string;
  /** That prompt is not on its command line: it is told by a message. */
  readonly untold?: true;
}

/** Undefined if the text is no such record: what cannot be read was never started. */
export function parseLaunchRecord(text: string): LaunchRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { run, at, mode, conversation, port, prompt, untold } = value as Record<string, unknown>;
  if (typeof run !== 'string' || typeof at !== 'number' || (mode !== 'Start' && mode !== 'Resume')) return undefined;
  return {
    run,
    at,
    mode,
    ...(isConversation(conversation) && { conversation }),
    ...(typeof port === 'number' && { port }),
    ...(typeof prompt === 'string' && { prompt }),
    ...(untold === true && { untold }),
  };
}

/** Where the files of an agent stand. `agents` is state/agents. */
export function agentFiles(agents: string, projectUid: string, agent: string) {
  const directory = `${agents}/${agentUid(projectUid, agent)}`;
  return {
    directory,
    /** The program that the agent's hooks call. */
    hook: `${directory}/hook`,
    /** What it appends to: RFC 7464, each record `<ms since the epoch> <payload>`. */
    records: `${directory}/hooks.json-seq`,
    launch: `${directory}/launch.json`,
    briefing: `${directory}/briefing.md`,
    /** What a program reads that takes its messages from a file. */
    input: `${directory}/input.jsonl`,
  } as const;
}

/** Where a file of hook records is put once it is long; another takes its place. */
export function asideOf(records: string): string {
  return `${records}.old`;
}

/**
 * Whether a program may have named a conversation so. The name becomes a part of paths and of a command line, and comes
 * from files that an agent may write to: it leads to no other folder, and is no option.
 */
export function isConversation(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Za-z0-9][\w.:@+=-]{0,254}$/.test(name);
}
