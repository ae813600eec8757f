import type { FinishedLook } from '../../api/following.ts';
import type { GitSource } from '../../api/generated/all.ts';
import type { LookOutcome } from '../../api/git-revision.ts';
import type { SourceLook, SourcePeek } from './ports.ts';

export interface LooksOptions {
  readonly look: SourceLook;
  readonly peek: SourcePeek;
  /** Runs so many at once as there may be. */
  readonly limited: <T>(signal: AbortSignal, task: () => Promise<T>) => Promise<T | undefined>;
  /** Milliseconds, by a clock that nobody sets. */
  readonly steady: () => number;
  readonly onEnd: (name: string) => void;
  readonly onLook: (result: LookOutcome['type'], ms: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Looks at repositories beside the workers: a server that hangs keeps its own source waiting, and nobody else. */
export interface Looks {
  isRunning(name: string): boolean;
  begunFor(name: string): number | undefined;
  /** Whether somebody has said since the last look began that there is something new. */
  isHinted(name: string): boolean;
  hint(name: string): void;
  begin(source: GitSource, about: Pick<FinishedLook, 'generation' | 'asked'>): void;
  /** Looks what is in it, and takes nothing; `done` is told how that came out. False: something is under way already. */
  peek(source: GitSource, done: (outcome: 'Seen' | 'NotSeen') => void): boolean;
  /** What has ended since it was last asked. */
  takeFinished(name: string): FinishedLook | undefined;
  /** Breaks off what is under way; true once nothing is, and nothing is known any more. */
  forget(name: string): boolean;
  close(): void;
}

interface Followed {
  begunFor?: number;
  hinted: boolean;
  finished?: FinishedLook;
  running?: AbortController;
}

export function createLooks(options: LooksOptions): Looks {
  const followed = new Map<string, Followed>();

  function of(name: string): Followed {
    const known = followed.get(name) ?? { hinted: false };
    followed.set(name, known);
    return known;
  }

  async function look(
    source: GitSource,
    own: Followed,
    about: Pick<FinishedLook, 'generation' | 'asked'>,
    signal: AbortSignal,
  ) {
    const outcome = await options.limited(signal, async () => {
      const began = options.steady();
      const found = await options.look(source, signal).catch((error: unknown) => failed(error, options.onError));
      if (!signal.aborted) options.onLook(found.type, options.steady() - began);
      return found;
    });
    if (outcome !== undefined && !signal.aborted) own.finished = { outcome, ...about };
  }

  /** One at a time of each: they share a clone. */
  function run(name: string, own: Followed, task: (signal: AbortSignal) => Promise<void>): void {
    const abort = new AbortController();
    own.running = abort;
    task(abort.signal)
      .catch(options.onError)
      .finally(() => {
        delete own.running;
        // Whoever comes back under that name is looked at anew.
        if (abort.signal.aborted) delete own.begunFor;
        options.onEnd(name);
      })
      .catch(options.onError);
  }

  return {
    isRunning: (name) => followed.get(name)?.running !== undefined,
    begunFor: (name) => followed.get(name)?.begunFor,
    isHinted: (name) => followed.get(name)?.hinted ?? false,
    hint(name) {
      of(name).hinted = true;
    },
    begin(source, about) {
      const { name } = source.metadata;
      const own = of(name);
      if (own.running !== undefined) return;
      own.begunFor = about.generation;
      own.hinted = false;
      run(name, own, (signal) => look(source, own, about, signal));
    },
    peek(source, done) {
      const { name } = source.metadata;
      const own = of(name);
      if (own.running !== undefined) return false;
      run(name, own, async (signal) => {
        const isSeen = await options
          .limited(signal, () => options.peek(source, signal))
          .catch((error: unknown) => {
            options.onError(error);
            return false;
          });
        done(isSeen === true && !signal.aborted ? 'Seen' : 'NotSeen');
      });
      return true;
    },
    takeFinished(name) {
      const own = followed.get(name);
      const finished = own?.finished;
      if (own !== undefined) delete own.finished;
      return finished;
    },
    forget(name) {
      const running = followed.get(name)?.running;
      running?.abort();
      if (running !== undefined) return false;
      followed.delete(name);
      return true;
    },
    close() {
      for (const { running } of followed.values()) running?.abort();
      followed.clear();
    },
  };
}

/** A disk that is full, say: the next look may fare better. */
function failed(error: unknown, onError: (error: unknown) => void): LookOutcome {
  onError(error);
  const message = error instanceof Error ? error.message : String(error);
  return { type: 'Failed', reason: 'FetchFailed', message };
}
