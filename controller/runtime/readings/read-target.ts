import type { AgentReading } from '../../api/agent-reading.ts';
import type { DesiredAgent } from '../../api/desired.ts';
import type { Key } from '../../api/key.ts';
import type { PaneMark } from '../../api/observed.ts';
import type { Render } from '../../api/reading/evaluate.ts';
import { changesAt, readAgent } from '../../api/reading/read-agent.ts';
import type { Clock } from '../ports.ts';
import { createEvidence, type Evidence } from './evidence.ts';
import type { EvidenceEyes } from './eyes.ts';
import { createSources } from './sources.ts';
import type { Opened, RunFacts, Target } from './target.ts';

export interface TargetReaderOptions {
  readonly clock: Clock;
  readonly eyes: EvidenceEyes;
  readonly render: Render;
  /** Never rejects. */
  readonly factsOf: (agent: DesiredAgent, mark: PaneMark) => Promise<RunFacts>;
  /** Takes the secret values of an agent out of a message. */
  readonly redact: (agent: DesiredAgent, lines: readonly string[]) => Promise<readonly string[]>;
  /** Told when the reading of an agent has changed. */
  readonly onChange: (key: Key) => void;
  readonly onError: (error: unknown) => void;
}

export interface TargetReader {
  /** Asks the sources of a run, and concludes a reading from what is known then; not twice at a time. */
  read(target: Target): Promise<void>;
  /** Something may have changed: it is read in a moment. */
  hint(target: Target): void;
}

/** What comes together is read together, in milliseconds. */
const TOGETHER_MS = 30;
/** A program's state file follows what its hook said within this time, in milliseconds: then it is looked again. */
const FOLLOWS_MS = 300;

export function createTargetReader(options: TargetReaderOptions): TargetReader {
  const { clock, eyes, render, onChange, onError } = options;

  async function open(target: Target): Promise<Opened> {
    const { agent, mark, pane, reading, startedAt } = target;
    const facts = await options.factsOf(agent, mark);
    const variables = (): Readonly<Record<string, unknown>> => {
      const conversation = evidence.memory().conversation;
      return { ...facts.variables, pid: pane.pid, ...(conversation !== undefined && { conversation }) };
    };
    const conversation = facts.conversation ?? target.known?.conversation;
    const before = target.known?.claim;
    const evidence: Evidence = createEvidence({ reading, startedAt, conversation, before, render, variables });
    const { hookFile } = facts;
    const { now } = clock;
    const sources = createSources({ eyes, reading, evidence, pane, startedAt, hookFile, render, variables, now });
    return { evidence, sources, facts };
  }

  async function read(target: Target): Promise<void> {
    if (target.busy || target.closed) return;
    target.busy = true;
    target.hinted = false;
    try {
      target.opened ??= await open(target);
      const { sources, facts } = target.opened;
      await sources.read(target.face);
      target.readAt = clock.now();
      target.unwatch ??= eyes.watch(facts.folder, () => hintTwice(target));
      if (target.closed) target.unwatch?.();
      else await conclude(target, target.opened);
    } finally {
      target.busy = false;
    }
  }

  async function conclude(target: Target, { evidence, facts: run }: Opened): Promise<void> {
    const { agent, mark, reading, startedAt, face } = target;
    const facts = {
      agent: mark.agent,
      run: mark.run,
      reading,
      claims: evidence.claims(),
      memory: evidence.memory(),
      promptGiven: run.promptGiven,
      startedAt,
      printedAt: Math.min((face?.face.windowActivity ?? 0) * 1000, clock.now()),
      now: clock.now(),
    };
    const plain = readAgent(facts);
    const [message = ''] = plain.message === undefined ? [] : await options.redact(agent, [plain.message]);
    target.heard ||= plain.state !== 'Starting' && plain.state !== 'Unknown';
    const result = {
      ...plain,
      ...(target.heard && { heard: true as const }),
      ...(plain.message !== undefined && { message }),
      ...(run.untold && { untold: run.untold }),
    };
    const isNew = target.result === undefined || essence(target.result) !== essence(result);
    target.result = result;
    target.cancel?.();
    const next = changesAt(facts);
    if (next !== undefined) target.cancel = clock.after(next - clock.now() + 1, () => hint(target));
    if (!isNew || target.closed) return;
    target.movedAt = clock.now();
    onChange(target.key);
  }

  function hint(target: Target): void {
    if (target.hinted || target.closed) return;
    target.hinted = true;
    clock.after(TOGETHER_MS, () => {
      // What comes while it is being read is read after that, by the next round at the latest.
      if (!target.busy) read(target).catch(onError);
    });
  }

  function hintTwice(target: Target): void {
    hint(target);
    target.again ??= clock.after(FOLLOWS_MS, () => {
      target.again = undefined;
      hint(target);
    });
  }

  return { read, hint };
}

/** All but what changes with every line that is printed. */
function essence(reading: AgentReading): string {
  return JSON.stringify({ ...reading, movedAt: undefined });
}
