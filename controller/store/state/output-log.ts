import { readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { appendLines } from './append-lines.ts';
import { codeOf, writeAtomically } from './atomic-write.ts';
import type { OnStateProblem } from './state-problem.ts';
import { createWriteFailures, type WriteFailures } from './write-failures.ts';

/** A line that an agent printed, as it stands in state/agents/<uid>/output.ndjson. */
export interface OutputLine {
  /** Grows by one with every line of the agent, across its runs. */
  readonly position: number;
  /** When it was seen, in milliseconds since the epoch. */
  readonly at: number;
  readonly run: string;
  readonly text: string;
}

export interface OutputLog {
  /** Adds lines to an agent's; says whether it could. */
  append(agentUid: string, lines: readonly OutputLine[]): boolean;
  /** What is kept of an agent's output, oldest first. */
  read(agentUid: string): readonly OutputLine[];
}

/** An agent's output takes at most twice as much: the present file and the one before. */
export const MAX_OUTPUT_BYTES = 512 * 1024;

/**
 * @param directory state/agents
 * @param onWrite told of each append
 */
export function createOutputLog(
  directory: string,
  onProblem: OnStateProblem,
  onWrite: (result: 'success' | 'error') => void,
): OutputLog {
  const failures: WriteFailures = createWriteFailures(onProblem, onWrite);
  return {
    append(agentUid, lines) {
      const { present, before } = outputFiles(directory, agentUid);
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      return failures.attempt(present, () => {
        const outcome = appendLines(present, text, MAX_OUTPUT_BYTES);
        if (outcome === 'Full') renameSync(present, before);
        if (outcome !== 'Appended') writeAtomically(present, text);
      });
    },
    read: (agentUid) => readOutput(directory, agentUid),
  };
}

/** Reads again and again what is kept of one agent's output, and parses it only when it has changed. */
export function createOutputReader(directory: string, agentUid: string): () => readonly OutputLine[] {
  const { present } = outputFiles(directory, agentUid);
  let known: { readonly stamp: string; readonly lines: readonly OutputLine[] } | undefined;
  return () => {
    const stat = statSync(present, { throwIfNoEntry: false });
    const stamp = `${stat?.ino} ${stat?.size} ${stat?.mtimeMs}`;
    if (known?.stamp !== stamp) known = { stamp, lines: readOutput(directory, agentUid) };
    return known.lines;
  };
}

/** Reads without any effect; a line that is torn or malformed is left out. Throws the error of a failed read. */
function readOutput(directory: string, agentUid: string): readonly OutputLine[] {
  const { present, before } = outputFiles(directory, agentUid);
  return [before, present].flatMap((path) => readText(path).split('\n').flatMap(parseLine));
}

function outputFiles(directory: string, agentUid: string) {
  const folder = join(directory, agentUid);
  return { present: join(folder, 'output.ndjson'), before: join(folder, 'output.1.ndjson') };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

function parseLine(json: string): OutputLine[] {
  if (json === '') return [];
  try {
    const { position, at, run, text } = JSON.parse(json) as Partial<Record<keyof OutputLine, unknown>>;
    if (typeof position !== 'number' || typeof at !== 'number') return [];
    if (typeof run !== 'string' || typeof text !== 'string') return [];
    return [{ position, at, run, text }];
  } catch {
    return [];
  }
}
