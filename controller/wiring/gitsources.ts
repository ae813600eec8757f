import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { type Credentials, readSecret } from '../act/gitsource/environment.ts';
import { lookAtRepository, type RepositoryRequest, tidyMirror } from '../act/gitsource/look-at-repository.ts';
import { OVERLAY } from '../api/admission.ts';
import type { GitSource } from '../api/generated/all.ts';
import type { LookOutcome } from '../api/git-revision.ts';
import { type Key, keyOf } from '../api/key.ts';
import { absolute, type PathContext } from '../api/spec-path.ts';
import { systemClock } from '../exec/clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { decideSource } from '../reconcile/gitsource/decide.ts';
import { unmetSource } from '../reconcile/gitsource/dependencies.ts';
import { timeoutOf } from '../reconcile/gitsource/schedule.ts';
import { createGitSources, type GitSources } from '../runtime/gitsources/gitsources.ts';
import type { StateStore } from '../runtime/ports.ts';
import { writeAhead } from '../store/sources/ahead.ts';
import { layoutOfSource } from '../store/sources/layout.ts';
import { leaveSource, setPrune } from '../store/sources/leave-source.ts';
import type { RevisionReader } from '../store/sources/revision-reader.ts';
import { readAttempt, readCurrent, readKept, writeAttempt } from '../store/sources/source-files.ts';
import { takeRevision, tidyRevisions } from '../store/sources/take-revision.ts';
import type { SpecSide } from './spec-side.ts';

export interface GitSourcesOptions {
  /** The state directory. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly specs: SpecSide;
  readonly state: StateStore;
  readonly revisions: RevisionReader;
  readonly mayAct: () => Promise<boolean>;
  readonly hint: (key: Key) => void;
  readonly hooks: Metrics['sourceHooks'];
  readonly onError: (error: unknown) => void;
}

/** The repositories that are followed: git, the files of their revisions, and the pure decisions. */
export function assembleGitSources(options: GitSourcesOptions): GitSources {
  const { directory, env, specs, state, revisions, mayAct, hint, hooks, onError } = options;
  const { now, steady } = systemClock;
  const looksAt = new Map<string, number>();

  async function look(source: GitSource, signal: AbortSignal): Promise<LookOutcome> {
    const { name } = source.metadata;
    const began = now();
    const current = readCurrent(directory, name);
    const request = {
      ...requestOf(source, directory, placeOf(specs, name)),
      ...(current !== undefined && { current }),
    };
    const count = (looksAt.get(name) ?? 0) + 1;
    looksAt.set(name, count);
    // Before anything else: what it frees must not be what is being fetched.
    if (count % LOOKS_A_TIDY === 0) await tidyMirror(request, { env, steady, signal });
    const found = await lookAtRepository(request, { env, steady, signal });
    if (signal.aborted || !(await mayAct())) return NOT_OURS;
    const outcome = found.type === 'Exported' ? await take(source, found.exported) : found;
    if (outcome.type !== 'Taken') noteAttempt(name, outcome);
    sources.caughtUp.seen(name, began, outcome.type);
    await specs.reload();
    // Nobody waits for what that takes.
    await tidyRevisions(directory, name);
    return outcome;
  }

  async function peek(source: GitSource, signal: AbortSignal): Promise<boolean> {
    const { name } = source.metadata;
    const request = requestOf(source, directory, placeOf(specs, name));
    const found = await lookAtRepository(request, { env, steady, signal });
    if (found.type !== 'Exported' || signal.aborted || !(await mayAct())) return false;
    const { exported } = found;
    const texts = await revisions.read(directory, name, exported);
    if (texts === undefined) return false;
    writeAhead(directory, name, { revision: exported.revision, texts });
    return true;
  }

  function noteAttempt(name: string, outcome: Exclude<LookOutcome, { readonly type: 'Taken' }>): void {
    const { reason, message } = outcome;
    if (outcome.type === 'Refused') {
      const { problems, revision } = outcome;
      writeAttempt(directory, name, { reason, message, problems, ...(revision !== undefined && { revision }) });
      // A server that is down makes the commit none the better that was refused before.
    } else if ((readAttempt(directory, name)?.problems ?? []).length === 0) {
      writeAttempt(directory, name, { reason, message, problems: [] });
    }
  }

  function take({ metadata: { name }, spec }: GitSource, exported: Parameters<typeof takeRevision>[2]['exported']) {
    const prune = spec.prune ?? true;
    return takeRevision(directory, revisions, { name, exported, prune, known: specs.objectsOf(name), now: now() });
  }

  const sources = createGitSources({
    clock: systemClock,
    steady,
    random: Math.random,
    specs,
    state,
    files: {
      current: (name) => readCurrent(directory, name),
      kept: (name) =>
        readKept(directory, name).objects.map(({ path, object }) => ({
          kind: object.kind,
          name: object.metadata.name,
          file: path,
        })),
      setPrune(name, prune) {
        const current = readCurrent(directory, name);
        return current !== undefined && setPrune(directory, name, { current, prune });
      },
      leave: (name) => leaveSource(directory, name, revisions),
    },
    look,
    peek,
    mind: { decide: decideSource, unmet: unmetSource },
    asked: (key, uid) => specs.overlay(key, uid)[OVERLAY.reconcile],
    async secretOf(name) {
      const secret = specs.gitSource(name)?.spec.webhook?.secret;
      return secret === undefined ? undefined : readSecret(located(secret, placeOf(specs, name)), env);
    },
    newUid: randomUUID,
    hint,
    hooks,
    onError,
  });
  return sources;
}

/** A clone is tidied up once in so many looks. */
const LOOKS_A_TIDY = 50;

/** Broken off, or another controller has taken over: it is as if nobody had looked. */
const NOT_OURS: LookOutcome = { type: 'Failed', reason: 'FetchFailed', message: 'the look was broken off' };

function placeOf(specs: SpecSide, name: string): PathContext {
  return { folder: specs.folderOf(keyOf('GitSource', name)) ?? '/', home: homedir() };
}

function requestOf({ metadata: { name }, spec }: GitSource, state: string, place: PathContext): RepositoryRequest {
  const { root, mirror, revisions } = layoutOfSource(state, name);
  const { url, ref, verify } = spec;
  const credentials = spec.credentials === undefined ? undefined : credentialsOf(spec.credentials, place);
  return {
    name,
    url: /^(?:\/|~|\.\.?\/)/.test(url) ? absolute(url, place) : url,
    path: spec.path ?? '.',
    timeoutMs: timeoutOf(spec),
    root,
    mirror,
    revisions,
    ...(ref !== undefined && { ref }),
    ...(credentials !== undefined && { credentials }),
    ...(verify !== undefined && {
      verify: { mode: verify.mode ?? 'Commit', allowedSigners: absolute(verify.allowedSigners, place) },
    }),
  };
}

function credentialsOf(written: NonNullable<GitSource['spec']['credentials']>, place: PathContext): Credentials {
  const { username, password, identityFile, knownHostsFile } = written;
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: located(password, place) }),
    ...(identityFile !== undefined && { identityFile: absolute(identityFile, place) }),
    ...(knownHostsFile !== undefined && { knownHostsFile: absolute(knownHostsFile, place) }),
  };
}

function located({ file, env }: { readonly file?: string; readonly env?: string }, place: PathContext) {
  return file === undefined ? { env: env ?? '' } : { file: absolute(file, place) };
}
