import { MuxletError } from '../../api/errors.ts';
import type { Leftover, World } from '../../api/world.ts';
import { findLeftovers } from '../../reconcile/leftovers/find-leftovers.ts';
import type { CliDeps, Places } from '../ports.ts';
import { EXIT } from '../report-error.ts';
import { pause } from '../watch.ts';

/** Nothing is ended after one look alone; milliseconds between the two. */
const AGAIN_MS = 500;

export interface Chosen {
  /** Projects; of all if there are none. */
  readonly names: readonly string[];
}

/** Ends what is left over now, without waiting for the controller: processes by TERM, 10 s, KILL, then sessions. */
export async function killZombies({ names }: Chosen, places: Places, deps: CliDeps): Promise<void> {
  const seen = keysOf(await look(places, deps));
  await pause(AGAIN_MS, deps.interrupt);
  const leftovers = (await look(places, deps)).filter((leftover) => seen.has(keyOf(leftover)));
  const meant = leftovers.filter(({ project }) => names.length === 0 || names.includes(project));
  for (const name of names) {
    if (!meant.some(({ project }) => project === name)) {
      throw new MuxletError('MUX_NOT_FOUND', `project "${name}" has neither zombies nor orphans`, {
        hint: "see 'muxlet recover list'",
      });
    }
    const foreign = meant.find((leftover) => leftover.project === name && !isOurs(leftover));
    if (foreign !== undefined) {
      throw new MuxletError('MUX_CONFLICT', `what is left of ${name} does not bear this controller's mark`, {
        hint: "see 'muxlet audit'; it is not ended",
      });
    }
  }
  const own = meant.filter(isOurs);
  if (own.length === 0) deps.stderr.write('no zombies\n');
  await Promise.all(own.map((leftover) => end(leftover, places, deps)));
}

/** What is on our record is ours, unless it says otherwise itself. */
function isOurs({ type, ownership }: Leftover): boolean {
  return ownership === 'Ours' || (type === 'Zombie' && ownership === 'Unknown');
}

async function look(places: Places, { rescue }: CliDeps): Promise<readonly Leftover[]> {
  const world = await rescue.world(places);
  refuseBlind(world);
  // While a spec cannot be read, the object of an orphan may only not be known.
  return findLeftovers(world).filter(({ type }) => type === 'Zombie' || (type === 'Orphan' && !world.specsUnsure));
}

/** @throws MUX_TMUX_UNREACHABLE where it cannot be seen what is left over */
function refuseBlind({ tmux, processes }: World): void {
  const failed = [tmux, processes].find((one) => one.state === 'Unknown');
  if (failed?.state !== 'Unknown') return;
  throw new MuxletError('MUX_TMUX_UNREACHABLE', `nothing was ended: ${failed.message}`, {
    hint: "see 'muxlet doctor'",
  });
}

async function end(
  { project, uid, type, processes, sessions }: Leftover,
  places: Places,
  deps: CliDeps,
): Promise<void> {
  const name = project === '' ? uid : `project/${project}`;
  const runs = new Set(processes.map(({ run }) => run));
  const left = await deps.rescue.endProcesses({ uid, runs }, places);
  const ended = Math.max(0, processes.length - left.length);
  if (ended > 0) deps.stdout.write(`${name}: ${ended} ${ended === 1 ? 'process' : 'processes'} ended\n`);
  if (left.length > 0) {
    deps.stderr.write(`${name}: not ended: ${left.map(({ pid }) => pid).join(', ')}\n`);
    deps.setExitCode(EXIT.failed);
  }
  if (type !== 'Orphan') return;
  for (const session of sessions) {
    const { ok, error } = await deps.teardown.end(places, session);
    if (ok) deps.stdout.write(`${name}: session ${session.id} on ${session.server} ended\n`);
    else {
      deps.stderr.write(`${name}: session ${session.id} not ended: ${error ?? 'unknown'}\n`);
      deps.setExitCode(EXIT.failed);
    }
  }
}

function keysOf(leftovers: readonly Leftover[]): ReadonlySet<string> {
  return new Set(leftovers.map(keyOf));
}

/** By runs: their processes come and go. */
function keyOf({ type, uid, processes }: Leftover): string {
  return `${type} ${uid} ${[...new Set(processes.map(({ run }) => run))].sort().join(' ')}`;
}
