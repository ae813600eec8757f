/**
 * GitSources as the controller runs them: a worker that decides about one at a time, looks at repositories beside it,
 * and the door that a server knocks at when something was pushed.
 */
import type { GitSourceStatus } from '../../api/generated/all.ts';
import { type Key, keyOf, nameOf, ofKind } from '../../api/key.ts';
import type { StoredObject } from '../../api/metadata.ts';
import type { Worker } from '../controller.ts';
import type { Clock, SpecSource, StateStore } from '../ports.ts';
import { createLimit } from '../probes/limit.ts';
import { type CaughtUp, createCaughtUp } from './caught-up.ts';
import { createLooks } from './looks.ts';
import type { SourceFiles, SourceHooks, SourceLook, SourceMind, SourcePeek } from './ports.ts';
import { createSourceWorker, isReady } from './source-worker.ts';
import { type HookRequest, isAuthentic } from './webhook.ts';

export interface GitSourcesOptions {
  readonly clock: Clock;
  readonly steady: () => number;
  readonly random: () => number;
  readonly specs: Pick<SpecSource, 'gitSource' | 'keys' | 'reload'>;
  readonly state: Pick<StateStore, 'object' | 'putObject' | 'removeObject' | 'recordEvent' | 'keys'>;
  readonly files: SourceFiles;
  readonly look: SourceLook;
  readonly peek: SourcePeek;
  readonly mind: SourceMind;
  readonly asked: (key: Key, uid: string) => string | undefined;
  /** The secret of a source's webhook; rejects where it cannot be read. */
  readonly secretOf: (name: string) => Promise<string | undefined>;
  readonly newUid: () => string;
  readonly hint: (key: Key) => void;
  readonly hooks: SourceHooks;
  readonly onError: (error: unknown) => void;
}

export interface GitSources {
  readonly worker: Worker;
  /** What a server is answered that says that something was pushed. */
  pushed(name: string, request: HookRequest): Promise<'Accepted' | 'Forbidden' | 'Unknown'>;
  /** See CaughtUp. */
  readonly caughtUp: CaughtUp;
  close(): void;
}

/** Looks at the same time. */
const AT_ONCE = 3;

export function createGitSources(options: GitSourcesOptions): GitSources {
  const { clock, specs, state, mind, hint, hooks } = options;
  const read = (key: Key) => state.object(key) as unknown as StoredObject<GitSourceStatus> | undefined;
  const names = (): string[] => ofKind('GitSource', specs.keys()).map(nameOf);
  const dependsOn = (name: string) => {
    const source = specs.gitSource(name);
    return source === undefined ? undefined : (source.spec.dependsOn ?? []);
  };
  const unmet = (name: string) =>
    mind.unmet(name, { dependsOn, isReady: (other) => isReady(read(keyOf('GitSource', other))?.status), names });
  const looks = createLooks({
    look: options.look,
    peek: options.peek,
    limited: createLimit(AT_ONCE),
    steady: options.steady,
    onEnd: (name) => {
      hint(keyOf('GitSource', name));
    },
    onLook: hooks.onLook,
    onError: options.onError,
  });
  const worker = createSourceWorker({
    source: specs.gitSource,
    records: {
      read,
      write: (key, object) => {
        state.putObject(key, object as unknown as StoredObject);
      },
      remove: state.removeObject,
      event: state.recordEvent,
    },
    files: options.files,
    looks,
    decide: mind.decide,
    unmet,
    asked: options.asked,
    reload: specs.reload,
    now: clock.now,
    chance: options.random,
    newUid: options.newUid,
    onReady: (name) => {
      for (const other of names()) if (dependsOn(other)?.includes(name)) hint(keyOf('GitSource', other));
    },
    hooks,
  });

  const isSuspended = (name: string): boolean => specs.gitSource(name)?.spec.suspend === true;
  const caughtUp = createCaughtUp({
    // Presets are there as soon as the specs have been read.
    sources: () =>
      specs.keys().length === 0
        ? undefined
        : names().map((name) => ({
            name,
            rests: isSuspended(name) ? 'Suspended' : unmet(name) === undefined ? undefined : 'Unmet',
          })),
    ask(name) {
      looks.hint(name);
      hint(keyOf('GitSource', name));
    },
    peek(name, done) {
      const source = specs.gitSource(name);
      if (source === undefined) return false;
      return looks.peek(source, (outcome) => {
        done(outcome);
        specs.reload().catch(options.onError);
      });
    },
    now: clock.now,
  });

  return {
    worker,
    caughtUp,
    async pushed(name, request) {
      if (specs.gitSource(name)?.spec.webhook === undefined) return 'Unknown';
      const secret = await options.secretOf(name).catch((error: unknown) => {
        options.onError(error);
        return undefined;
      });
      if (secret === undefined || !isAuthentic(request, secret)) return 'Forbidden';
      looks.hint(name);
      hint(keyOf('GitSource', name));
      return 'Accepted';
    },
    close: looks.close,
  };
}
