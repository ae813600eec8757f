import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import { OVERLAY } from '../api/admission.ts';
import { MuxletError } from '../api/errors.ts';
import { keyOf } from '../api/key.ts';
import { annotationsFor, overlayPath, readOverlay, writeOverlay } from '../store/overlays/overlay-file.ts';
import { parseDuration } from './duration.ts';
import type { GitSourceObject } from './object.ts';
import { placesOf } from './options.ts';
import type { CliDeps, Places } from './ports.ts';
import { type Say, withProgress } from './progress.ts';
import { reportError } from './report-error.ts';
import { notFound, parseResources } from './resources.ts';
import { loadView, type View } from './view.ts';
import { changes } from './watch.ts';
import { within } from './within.ts';

interface ReconcileFlags {
  readonly timeout: string;
  readonly all?: true;
  readonly wait: boolean;
}

const LOCK_TIMEOUT_MS = 30_000;

export function addReconcile(program: Command, deps: CliDeps): void {
  program
    .command('reconcile')
    .summary('look at repositories now')
    .description(
      'Has the repositories of GitSources looked at now, and waits until what was found is in force; fails if it was refused or could not be had.',
    )
    .argument('<resources...>', 'gitsource NAME… or gitsource/NAME…; gitsources with --all')
    .option('--all', 'all GitSources that are not suspended')
    .option('--no-wait', 'only ask for it')
    .option('--timeout <duration>', 'how long to wait', '2m')
    .action(async (resources: string[], flags: ReconcileFlags, command: Command) => {
      const places = placesOf(command, deps);
      const timeoutMs = parseDuration(flags.timeout);
      const view = await loadView(deps, places);
      const sources = chosenSources(resources, flags, view);
      if (view.controller === undefined) {
        throw new MuxletError('MUX_NOT_FOUND', 'no controller runs that could look', {
          hint: "start one with 'muxlet run': it looks at every repository at its start",
        });
      }
      const tokens = await ask(sources, { deps, places });
      if (flags.wait) await waitFor(tokens, { deps, places, timeoutMs });
    });
}

/** @throws MUX_USAGE where anything but GitSources is named; MUX_CONFLICT where one is suspended */
function chosenSources(resources: readonly string[], { all }: ReconcileFlags, view: View): readonly GitSourceObject[] {
  const query = parseResources(resources);
  const other = query.kinds.find(({ kind }) => kind !== 'GitSource');
  if (other !== undefined) throw new MuxletError('MUX_USAGE', `this is for gitsources, not for ${other.plural}`);
  const known = view.objects('GitSource');
  if (query.type === 'Kinds') {
    if (all !== true) throw new MuxletError('MUX_USAGE', 'name the GitSources, or give --all');
    return known.filter(({ spec }) => spec.suspend !== true);
  }
  return query.names.map(({ kind, name }) => {
    const source = known.find(({ metadata }) => metadata.name === name);
    if (source === undefined) throw notFound(kind, name);
    if (source.spec.suspend !== true) return source;
    throw new MuxletError('MUX_CONFLICT', `gitsource/${name} is suspended`, { hint: 'set spec.suspend to false' });
  });
}

interface Context {
  readonly deps: CliDeps;
  readonly places: Places;
}

/** Writes what is asked of each into state/overlays/; the answer will name it. */
async function ask(
  sources: readonly GitSourceObject[],
  { deps, places }: Context,
): Promise<ReadonlyMap<string, string>> {
  const tokens = new Map<string, string>();
  await deps.locks.withLock(join(places.state, 'locks', 'overlays.lock'), LOCK_TIMEOUT_MS, async () => {
    for (const { metadata } of sources) {
      const { name, uid } = metadata;
      const key = keyOf('GitSource', name);
      const file = readOverlay(places.state, key);
      if (file.type === 'Corrupt' || file.type === 'Unreadable') {
        throw new MuxletError('MUX_CONFLICT', `${overlayPath(places.state, key)}: ${file.message}`, {
          hint: 'remove the file, and run the command again',
        });
      }
      const before = annotationsFor(file.type === 'Loaded' ? file.value : undefined, uid);
      const token = `${new Date(deps.now()).toISOString()}-${randomBytes(4).toString('hex')}`;
      const annotations = { ...before, [OVERLAY.reconcile]: token };
      writeOverlay(places.state, key, { ...(uid !== undefined && { uid }), annotations });
      tokens.set(name, token);
    }
  });
  return tokens;
}

/** @throws MUX_TIMEOUT that names those that nobody has answered for in time */
async function waitFor(
  tokens: ReadonlyMap<string, string>,
  { deps, places, timeoutMs }: Context & { readonly timeoutMs: number },
): Promise<void> {
  let open = [...tokens.keys()];
  const look = async (say: Say, own: CliDeps): Promise<boolean> => {
    const sources = new Map((await loadView(deps, places)).objects('GitSource').map((one) => [one.metadata.name, one]));
    open = open.filter((name) => {
      const source = sources.get(name);
      if (source === undefined || source.status?.lastHandledReconcileAt !== tokens.get(name)) return true;
      tell(name, source, own);
      return false;
    });
    say(`waiting for ${open.map((name) => `gitsource/${name}`).join(', ')}`);
    return open.length === 0;
  };
  const signal = within(timeoutMs, deps.interrupt);
  const isDone = await withProgress(deps, async (say, own) => {
    for await (const _ of changes(places, signal)) if (await look(say, own)) return true;
    return false;
  });
  if (isDone) return;
  const sources = (await loadView(deps, places)).objects('GitSource');
  const why = open.map((name) => {
    const ready = sources.find(({ metadata }) => metadata.name === name)?.status?.conditions.find(isReady);
    return ready === undefined || ready.message === '' ? `gitsource/${name}` : `gitsource/${name} (${ready.message})`;
  });
  throw new MuxletError('MUX_TIMEOUT', `nobody has answered for ${why.join(', ')}`);
}

function tell(name: string, { status }: GitSourceObject, deps: CliDeps): void {
  const ready = status?.conditions.find(isReady);
  if (ready?.status === 'True') deps.stdout.write(`gitsource/${name} reconciled: ${status?.revision ?? ''}\n`);
  else {
    const message = `gitsource/${name}: ${ready?.reason ?? 'Unknown'}: ${ready?.message ?? ''}`;
    reportError(new MuxletError('MUX_COMMAND_FAILED', message), deps);
  }
}

function isReady({ type }: { readonly type: string }): boolean {
  return type === 'Ready';
}
