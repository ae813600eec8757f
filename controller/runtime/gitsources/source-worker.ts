import type { GitSource, GitSourceStatus } from '../../api/generated/all.ts';
import { type Key, nameOf } from '../../api/key.ts';
import { API_VERSION } from '../../api/kinds.ts';
import { hashOf } from '../../api/metadata.ts';
import type { Ground } from '../../api/queueing.ts';
import type { Outcome } from '../outcome.ts';
import type { Looks } from './looks.ts';
import type { SourceFiles, SourceHooks, SourceMind, SourceRecords, StoredSource } from './ports.ts';

export interface SourceWorkerOptions {
  readonly source: (name: string) => GitSource | undefined;
  readonly records: SourceRecords;
  readonly files: SourceFiles;
  readonly looks: Looks;
  readonly decide: SourceMind['decide'];
  readonly unmet: (name: string) => Ground | undefined;
  /** The last request of a person. */
  readonly asked: (key: Key, uid: string) => string | undefined;
  /** Has the specs be looked at anew. */
  readonly reload: () => Promise<void>;
  readonly now: () => number;
  readonly chance: () => number;
  readonly newUid: () => string;
  /** It is Ready now, or is so no more. */
  readonly onReady: (name: string) => void;
  readonly hooks: SourceHooks;
}

/** A source whose file is being written anew is not there for a moment, in milliseconds. */
const GONE_MS = 1000;
/** What was broken off ends within about so long, and tells of it. Milliseconds. */
const ENDING_MS = 1000;

/** Takes one GitSource once round. Never waits for a repository. */
export function createSourceWorker(options: SourceWorkerOptions): { work(key: Key): Promise<Outcome> } {
  const { records, files, looks, now } = options;
  const goneSince = new Map<Key, number>();

  async function work(key: Key): Promise<Outcome> {
    const name = nameOf(key);
    const source = options.source(name);
    if (source === undefined) return gone(key, name);
    goneSince.delete(key);
    if (files.setPrune(name, source.spec.prune ?? true)) await options.reload();
    return decide(key, source);
  }

  function decide(key: Key, source: GitSource): Outcome {
    const { spec } = source;
    const { name } = source.metadata;
    const stored = records.read(key);
    const specHash = hashOf(spec);
    const metadata = metadataOf(source, stored, specHash);
    const asked = options.asked(key, metadata.uid);
    const decision = options.decide({
      spec,
      generation: metadata.generation,
      previous: stored?.status,
      current: files.current(name),
      kept: files.kept(name),
      running: looks.isRunning(name),
      finished: looks.takeFinished(name),
      begunFor: looks.begunFor(name),
      hinted: looks.isHinted(name),
      asked,
      unmet: options.unmet(name),
      now: now(),
      chance: options.chance(),
    });
    const { status } = decision;
    records.write(key, { apiVersion: API_VERSION, kind: 'GitSource', metadata, specHash, status });
    for (const note of decision.events) records.event({ kind: 'GitSource', name, uid: metadata.uid }, note);
    if (decision.begin) looks.begin(source, { generation: metadata.generation, asked });
    if (isReady(stored?.status) !== isReady(status)) options.onReady(name);
    options.hooks.onSource(name, isReady(status));
    return decision.againMs === undefined ? { type: 'Settled' } : { type: 'LookAgain', inMs: decision.againMs };
  }

  /** What came from it has ended or stays by its policy: that is in the files, and needs no decision. */
  async function gone(key: Key, name: string): Promise<Outcome> {
    const since = goneSince.get(key) ?? now();
    goneSince.set(key, since);
    if (Math.abs(now() - since) < GONE_MS) return { type: 'LookAgain', inMs: GONE_MS };
    if (!looks.forget(name)) return { type: 'LookAgain', inMs: ENDING_MS };
    await files.leave(name);
    goneSince.delete(key);
    options.hooks.onForgotten(name);
    const stored = records.read(key);
    if (stored === undefined) return { type: 'Settled' };
    records.event(
      { kind: 'GitSource', name, uid: stored.metadata.uid },
      { type: 'Normal', reason: 'Deleted', message: 'the repository is not followed any more' },
    );
    records.remove(key);
    options.onReady(name);
    return { type: 'Settled' };
  }

  function metadataOf({ metadata: written }: GitSource, stored: StoredSource | undefined, specHash: string) {
    const { name, labels } = written;
    const creationTimestamp = new Date(now()).toISOString();
    const fresh = { name, uid: options.newUid(), generation: 1, creationTimestamp, finalizers: [] };
    const { generation, ...before } = stored?.metadata ?? fresh;
    const isChanged = stored !== undefined && stored.specHash !== specHash;
    return { ...before, generation: isChanged ? generation + 1 : generation, ...(labels !== undefined && { labels }) };
  }

  return { work };
}

export function isReady(status: GitSourceStatus | undefined): boolean {
  return status?.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}
