import type { Command } from 'commander';
import { OVERLAY } from '../api/admission.ts';
import { MuxletError } from '../api/errors.ts';
import { confirm } from './confirm.ts';
import { parseDuration } from './duration.ts';
import type { ProjectObject } from './object.ts';
import { placesOf } from './options.ts';
import { noteOfProjects } from './overlay/change-overlays.ts';
import type { CliDeps, Controller, OwnedSession, Places } from './ports.ts';
import { EXIT, reportError } from './report-error.ts';
import { pause } from './watch.ts';
import { within } from './within.ts';

interface DownFlags {
  readonly yes?: true;
  readonly timeout: string;
}

export function addDown(program: Command, deps: CliDeps): void {
  program
    .command('down')
    .summary('end everything that muxlet runs')
    .description(
      'Ends the controller, then all agents and sessions that bear its mark, as their classes say. Specs and state stay; sessions that are not its own, and those that a controller of another state directory made, are left alone.',
    )
    .option('-y, --yes', 'do not ask')
    .option('--timeout <duration>', 'how long to wait for the controller to end', '30s')
    .action(async (flags: DownFlags, command: Command) => {
      const places = placesOf(command, deps);
      const timeoutMs = parseDuration(flags.timeout);
      const found = await deps.teardown.sessions(places);
      const sessions = found.filter(({ foreign }) => foreign !== true);
      for (const session of found) {
        if (session.foreign) deps.stderr.write(`${sessionText(session)} is another controller's, and stays\n`);
      }
      const controller = await deps.controller.find(places);
      if (sessions.length === 0 && controller === undefined) {
        if ((await endServers({ deps, places })) === 0) deps.stderr.write('nothing runs\n');
        return;
      }
      const what = `${sessions.length} ${sessions.length === 1 ? 'session' : 'sessions'} on tmux server ${places.socket}`;
      if (!flags.yes && !(await confirm(`This ends ${what} and every agent in them. Go on?`, deps))) {
        throw new MuxletError('MUX_USAGE', 'nothing was ended');
      }
      if (controller !== undefined) await stopController(controller, { deps, places, timeoutMs });
      await endSessions({ deps, places });
      await endServers({ deps, places });
    });
}

interface DownContext {
  readonly deps: CliDeps;
  readonly places: Places;
}

/** How often it is looked whether the controller has gone. */
const LOOK_MS = 100;

/**
 * Ends the controller first: as long as it runs, it makes again whatever is ended.
 *
 * @throws MUX_TIMEOUT if it does not end; nothing else was ended then
 */
async function stopController(
  controller: Controller,
  { deps, places, timeoutMs }: DownContext & { readonly timeoutMs: number },
): Promise<void> {
  await deps.controller.stop(controller, places);
  const signal = within(timeoutMs, deps.interrupt);
  while ((await deps.controller.find(places)) !== undefined) {
    if (signal.aborted) {
      throw new MuxletError(
        'MUX_TIMEOUT',
        `the controller (process ${controller.pid}) has not ended; nothing else was`,
        {
          hint: 'end it yourself, then run down again',
        },
      );
    }
    await pause(LOOK_MS, signal);
  }
  deps.stdout.write(`controller ${controller.pid} ended\n`);
}

/** Looks again, since the controller may have made or ended sessions up to its end. */
async function endSessions({ deps, places }: DownContext): Promise<void> {
  const sessions = (await deps.teardown.sessions(places)).filter(({ foreign }) => foreign !== true);
  await noteEnds(sessions, { deps, places });
  const ended = await Promise.all(sessions.map((session) => deps.teardown.end(places, session)));
  sessions.forEach((session, index) => {
    const result = ended[index];
    if (result?.ok === true) {
      deps.stdout.write(`${sessionText(session)} ended\n`);
      return;
    }
    deps.stderr.write(`${sessionText(session)} not ended: ${result?.error ?? 'unknown'}\n`);
    deps.setExitCode(EXIT.failed);
  });
}

/**
 * Says beforehand who is ended by a person: the next controller would take them for lost, a project that is to be tried once
 * for failed, and tell people of it. What cannot be noted is ended all the same.
 */
async function noteEnds(sessions: readonly OwnedSession[], { deps, places }: DownContext): Promise<void> {
  if (sessions.length === 0) return;
  const uids = sessions.map(({ uid }) => uid);
  try {
    await noteOfProjects(uids, { deps, places }, ({ status }, before) => {
      const down = JSON.stringify(runsOf(status.agents));
      return { overlay: { ...before, [OVERLAY.down]: down }, verb: 'annotated' };
    });
  } catch (error) {
    reportError(error, deps);
  }
}

/** The runs of a project's agents whose end nobody has seen. */
function runsOf(agents: ProjectObject['status']['agents']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    agents.flatMap(({ name, run, lastExit }) => (run === undefined || lastExit?.run === run ? [] : [[name, run]])),
  );
}

/** @returns how many. A server with nobody's session on it is ended without a question: nothing is lost with it. */
async function endServers({ deps, places }: DownContext): Promise<number> {
  const ended = await deps.teardown.endEmptyServers(places);
  for (const server of ended) deps.stdout.write(`tmux server ${server} ended\n`);
  return ended.length;
}

function sessionText({ project, id, server }: OwnedSession): string {
  return `project/${project} (session ${id} on ${server})`;
}
