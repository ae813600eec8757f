/** Asks the sources of one run what is new, each as seldom as it may. */
import type { KnownActivity } from '../../api/reading/claim.ts';
import { combineClaims } from '../../api/reading/combine.ts';
import type { CompiledReading, CompiledSource } from '../../api/reading/compile.ts';
import type { Render } from '../../api/reading/evaluate.ts';
import { screenText } from '../../api/reading/screen-text.ts';
import type { Evidence } from './evidence.ts';
import type { EvidenceEyes, Face, JsonFile, PaneRef, RecordFile } from './eyes.ts';

export interface SourcesOptions {
  readonly eyes: EvidenceEyes;
  readonly reading: CompiledReading;
  readonly evidence: Evidence;
  readonly pane: PaneRef;
  readonly startedAt: number;
  /** The file that hooks append to. */
  readonly hookFile: string;
  readonly render: Render;
  readonly variables: () => Readonly<Record<string, unknown>>;
  readonly now: () => number;
}

export interface Sources {
  /** @param face the pane's face, and when it was looked at; undefined if it could not be */
  read(face: { readonly face: Face; readonly at: number } | undefined): Promise<void>;
}

/** Two looks for a file that is not there yet lie so far apart, at first and later, in milliseconds. */
const FIND_MS = { first: 900, later: 10_000, after: 60_000 } as const;
const EVERY_S = 2;
/** What a server said last counts for so long without another answer, in milliseconds. */
const SILENT_MS = 10_000;
const FIRST: readonly CompiledSource['type'][] = ['File', 'Hook', 'Transcript', 'Http', 'Title', 'Screen'];

export function createSources(options: SourcesOptions): Sources {
  const { eyes, reading, evidence, pane, startedAt, hookFile, render, variables, now } = options;
  const records = new Map<number, RecordFile>();
  const files = new Map<number, { readonly path: string; readonly file: JsonFile }>();
  const nextAt = new Map<number, number>();
  const answeredAt = new Map<number, number>();
  /** What the file of a source was looked for by: another conversation has another one. */
  const sought = new Map<number, { readonly template: string; readonly since: number }>();
  /** When the screen was looked at last for its state, and for the context alone. */
  let capturedAt: number | undefined;
  let contextAt: number | undefined;

  const ordered = reading.sources
    .map((source, trust) => ({ source, trust }))
    .sort((a, b) => FIRST.indexOf(a.source.type) - FIRST.indexOf(b.source.type));

  /** Where the file of a source stands now; undefined while that cannot be told. */
  async function place({ path, pathFrom }: CompiledSource, trust: number, known?: string): Promise<string | undefined> {
    const told = pathFrom === undefined ? undefined : evidence.field(pathFrom);
    if (told !== undefined || path === undefined) return told;
    const template = render(path, variables());
    if (template === undefined || !template.includes('*')) return template;
    const before = sought.get(trust);
    if (before !== undefined && before.template !== template) {
      for (const each of [nextAt, records, files]) each.delete(trust);
      sought.set(trust, { template, since: now() });
      // One that was found stays the one: others may be made beside it.
    } else if (known !== undefined) return known;
    else if (before === undefined) sought.set(trust, { template, since: startedAt });
    if (now() < (nextAt.get(trust) ?? 0)) return undefined;
    const young = now() < (sought.get(trust)?.since ?? startedAt) + FIND_MS.after;
    nextAt.set(trust, now() + (young ? FIND_MS.first : FIND_MS.later));
    // A conversation's file that is gone on with is older than the run.
    return eyes.find(template, path.includes('conversation') ? 0 : startedAt);
  }

  async function readRecords(source: CompiledSource, trust: number): Promise<void> {
    const before = records.get(trust);
    const isHook = source.type === 'Hook';
    const path = isHook ? hookFile : await place(source, trust, before?.path);
    if (path === undefined) return;
    const file = before?.path === path ? before : eyes.records(path, isHook ? 'Hook' : 'Transcript', startedAt);
    records.set(trust, file);
    evidence.records(trust, await file.read());
  }

  async function readFile(source: CompiledSource, trust: number): Promise<void> {
    const before = files.get(trust);
    const path = await place(source, trust, before?.path);
    if (path === undefined) {
      evidence.drop(trust);
      return;
    }
    const known = before?.path === path ? before : { path, file: eyes.jsonFile(path) };
    files.set(trust, known);
    const seenAt = now();
    const found = await known.file.read();
    if (found === undefined) files.delete(trust);
    evidence.present(trust, found && { value: found.value, since: found.changedAt }, seenAt);
  }

  async function ask(source: CompiledSource, trust: number): Promise<void> {
    if (now() < (nextAt.get(trust) ?? 0)) return;
    const seenAt = now();
    nextAt.set(trust, seenAt + (source.everySeconds ?? EVERY_S) * 1000);
    const url = source.url === undefined ? undefined : render(source.url, variables());
    const value = url === undefined ? undefined : await eyes.askJson(url);
    if (value !== undefined) answeredAt.set(trust, seenAt);
    // A server that works hard may answer late: what it said last is so until it has been silent for longer.
    else if (url !== undefined && seenAt < (answeredAt.get(trust) ?? 0) + SILENT_MS) return;
    evidence.present(trust, value === undefined ? undefined : { value, since: seenAt }, seenAt);
  }

  /** The state that is certain without what is trusted less. */
  function certainState(trust: number): KnownActivity | undefined {
    const better = evidence.claims().filter((claim) => claim.trust < trust);
    const verdict = combineClaims(better, now());
    return verdict.type === 'Known' && verdict.certain ? verdict.claim.state : undefined;
  }

  async function readScreen(source: CompiledSource, trust: number, seen: Seen): Promise<void> {
    // Activity is told in whole seconds: what came after the capture, but in its second, would go unnoticed.
    const isNew = (at = Number.NEGATIVE_INFINITY): boolean => at < (seen.face.windowActivity + 1) * 1000;
    if (!isNew(capturedAt)) {
      evidence.seen(trust, seen.at);
      return;
    }
    const certain = certainState(trust);
    if (certain === undefined) {
      capturedAt = (await capture(trust)) ?? capturedAt;
      return;
    }
    // How much of the context is left nobody else may say; of the state it is no evidence.
    const tells = certain === 'Idle' && source.rules.some(({ context }) => context !== undefined);
    if (tells && isNew(contextAt)) contextAt = (await capture(trust)) ?? contextAt;
    evidence.drop(trust);
    capturedAt = undefined;
  }

  /** @returns when; undefined if it could not be looked at */
  async function capture(trust: number): Promise<number | undefined> {
    const at = now();
    const lines = await eyes.screen(pane);
    if (lines === undefined) return undefined;
    const { inputLine } = reading;
    const lastPrompt = evidence.memory().turns.prompts.at(-1)?.text;
    const { text, isOwn } = screenText({
      lines,
      ...(inputLine !== undefined && { inputLine }),
      ...(lastPrompt !== undefined && { lastPrompt }),
    });
    evidence.text(trust, text, at, isOwn);
    return at;
  }

  return {
    async read(seen) {
      const asked: Promise<void>[] = [];
      for (const { source, trust } of ordered) {
        switch (source.type) {
          case 'Hook':
          case 'Transcript':
            await readRecords(source, trust);
            break;
          case 'File':
            await readFile(source, trust);
            break;
          case 'Http':
            asked.push(ask(source, trust));
            break;
          case 'Title':
            if (seen !== undefined) evidence.text(trust, seen.face.title, seen.at);
            break;
          case 'Screen':
            await Promise.all(asked);
            if (seen !== undefined) await readScreen(source, trust, seen);
            break;
        }
      }
      await Promise.all(asked);
    },
  };
}

interface Seen {
  readonly face: Face;
  readonly at: number;
}
