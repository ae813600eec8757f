import { readFile } from 'node:fs/promises';
import type { AgentReading } from '../api/agent-reading.ts';
import { MuxletError } from '../api/errors.ts';
import type { AgentClassSpec } from '../api/generated/all.ts';
import type { Claim } from '../api/reading/claim.ts';
import { type CompiledReading, compileReading } from '../api/reading/compile.ts';
import { readAgent } from '../api/reading/read-agent.ts';
import { screenText } from '../api/reading/screen-text.ts';
import { openRecords } from '../observe/agent/records.ts';
import { createEvidence, type Evidence } from '../runtime/readings/evidence.ts';
import { renderLoosely } from '../template/render-loosely.ts';

/** What a person has of an agent; the files are absolute paths. */
export interface Exhibits {
  readonly screen?: string;
  readonly title?: string;
  /** Name of the process that has the terminal. */
  readonly process?: string;
  readonly hooks?: string;
  readonly transcript?: string;
  readonly file?: string;
}

export interface Classified {
  readonly reading: Omit<AgentReading, 'state' | 'evidence' | 'agent' | 'run'> & {
    readonly state: AgentReading['state'] | 'Stuck';
    readonly evidence?: AgentReading['evidence'] | 'process';
  };
  /** Everything that was said, the most trusted first. */
  readonly claims: readonly Claim[];
}

const SHELLS = ['sh', 'bash', 'zsh', 'fish', 'dash', 'ksh'];

/**
 * Reads an agent from what a person has of it, just as the controller would.
 *
 * @throws MUX_NOT_FOUND for a class that does not say how it is read, or a file that is not there
 */
export async function classify(
  name: string,
  spec: AgentClassSpec,
  { exhibits, now }: { readonly exhibits: Exhibits; readonly now: number },
): Promise<Classified> {
  const { reading } = compileReading(name, spec);
  if (reading === undefined) {
    throw new MuxletError('MUX_NOT_FOUND', `class ${name} does not say how its agents are read (spec.reading)`);
  }
  const options = { reading: trusting(reading), startedAt: 0, conversation: undefined, render: renderLoosely };
  const evidence = createEvidence({ ...options, variables: () => ({}) });
  for (const [trust, source] of reading.sources.entries()) {
    await exhibit(evidence, { trust, type: source.type, reading, exhibits, now });
  }
  const claims = [...evidence.claims()].sort((a, b) => a.trust - b.trust);
  const facts = { agent: '', run: '', reading, memory: evidence.memory(), startedAt: 0, printedAt: 0 };
  const {
    agent: _,
    run: __,
    ...read
  } = readAgent({ ...facts, claims, promptGiven: false, now: now + reading.startTimeoutMs });
  const { process } = exhibits;
  const shells = spec.health?.shells ?? (spec.command === undefined ? [] : SHELLS);
  if (process === undefined || !shells.includes(process)) return { reading: read, claims };
  const { rule: ___, failure: ____, ...rest } = read;
  const message = `${process} has the terminal, and no agent`;
  return { reading: { ...rest, state: 'Stuck', reason: 'ShellWithoutAgent', message, evidence: 'process' }, claims };
}

/** The person says that the file is this agent's. */
function trusting(reading: CompiledReading): CompiledReading {
  return { ...reading, sources: reading.sources.map((source) => ({ ...source, valid: [] })) };
}

interface Exhibit {
  readonly trust: number;
  readonly type: CompiledReading['sources'][number]['type'];
  readonly reading: CompiledReading;
  readonly exhibits: Exhibits;
  readonly now: number;
}

async function exhibit(evidence: Evidence, { trust, type, reading, exhibits, now }: Exhibit): Promise<void> {
  const { screen, title, hooks, transcript, file } = exhibits;
  switch (type) {
    case 'Hook':
      if (hooks !== undefined) await records(evidence, trust, { path: hooks, form: 'Hook' });
      return;
    case 'Transcript':
      if (transcript !== undefined) await records(evidence, trust, { path: transcript, form: 'Transcript' });
      return;
    case 'File':
    case 'Http':
      if (file !== undefined) evidence.present(trust, { value: await json(file), since: now }, now);
      return;
    case 'Title':
      if (title !== undefined) evidence.text(trust, title, now);
      return;
    case 'Screen': {
      if (screen === undefined) return;
      const lines = (await contentOf(screen)).split('\n').map((line) => line.trimEnd());
      const { inputLine } = reading;
      const { text, isOwn } = screenText({ lines, ...(inputLine !== undefined && { inputLine }) });
      evidence.text(trust, text, now, isOwn);
    }
  }
}

async function records(
  evidence: Evidence,
  trust: number,
  { path, form }: { readonly path: string; readonly form: 'Hook' | 'Transcript' },
): Promise<void> {
  await contentOf(path);
  evidence.records(trust, await openRecords(path, form, 0).read());
}

async function json(path: string): Promise<unknown> {
  const text = await contentOf(path);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new MuxletError('MUX_USAGE', `${path} is no JSON`);
  }
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new MuxletError('MUX_NOT_FOUND', `the file ${path} cannot be read (${code})`);
  }
}
