/** What must be so once nothing has happened for long enough. */
import type { DesiredAgent, DesiredProject } from '../../controller/api/desired.ts';
import type { AgentStatus, ProjectStatus, QueueStatus } from '../../controller/api/generated/all.ts';
import { keyOf } from '../../controller/api/key.ts';
import type { StoredObject } from '../../controller/api/metadata.ts';
import { judgeCourse } from './course-verdict.ts';
import { type Place, placeOf, places, type SimProcess } from './machine.ts';
import { isAlive } from './processes.ts';
import { judgeWaiting } from './queue-verdict.ts';
import { isStillAsked } from './sim-asked.ts';
import type { World } from './sim-controller.ts';
import { MODEL } from './sim-health.ts';
import { QUEUE } from './sim-queue.ts';

export function unconverged(world: World): string[] {
  const present = [...world.files.wanted.values()].flatMap((project) => judgeProject(project, world));
  const absent = world.projects
    .filter((name) => !world.files.wanted.has(name))
    .flatMap((name) => judgeAbsence(name, world));
  return [...present, ...absent, ...strays(world)];
}

/** Whether there is rest to be expected: no agent ends again and again of its own accord. */
export function canRest({ files }: World): boolean {
  return ![...files.wanted.values()].some(({ agents }) => agents.some(neverRests));
}

/** After a reboot and nothing else, what stays is started once: that it does run is said elsewhere. */
export function startedAgain({ files, machine }: World): string[] {
  const lasting = [...files.wanted.values()].flatMap(({ name, agents, course }) =>
    course.deadline === undefined ? agents.filter(isLasting).map((agent) => `${name}/${agent.name}`) : [],
  );
  return lasting.flatMap((agent) => {
    const times = machine.begun.get(agent) ?? 0;
    return times > 1 ? [`${agent} was started ${times} times after the reboot`] : [];
  });
}

function isLasting({ argv, class: ofClass }: DesiredAgent): boolean {
  return argv[0] === 'stay' && ofClass !== MODEL.metadata.name;
}

/** At rest, nothing is done and nothing is written. */
export function restlessness(world: World, before: { readonly actions: number; readonly writes: number }): string[] {
  const { actions, disk } = world;
  return [
    ...(actions > before.actions ? [`${actions - before.actions} actions at rest`] : []),
    ...(disk.writes > before.writes ? [`${disk.writes - before.writes} writes of the state at rest`] : []),
  ];
}

function neverRests({ argv, restartPolicy }: DesiredAgent): boolean {
  return (argv[0] === 'done' && restartPolicy === 'Always') || (argv[0] === 'fail' && restartPolicy !== 'Never');
}

function liveMains({ machine }: World, project: string, agent?: string): SimProcess[] {
  return [...machine.processes.values()].filter(
    ({ isMain, zombie, launch }) =>
      isMain && !zombie && launch?.project === project && (agent === undefined || launch.agent === agent),
  );
}

function judgeProject(project: DesiredProject, world: World): string[] {
  const { name, agents } = project;
  const stored = world.disk.objects.get(keyOf('Project', name));
  if (stored === undefined) return [`${name}: no status`];
  const { status } = stored;
  const foreign = [...world.machine.sessions.values()].find(
    (session) => session.name === name && session.project !== name,
  );
  if (foreign !== undefined) {
    const told = status.conditions.some(({ type, reason }) => type === 'Stalled' && reason === 'NameConflict');
    const own = [...world.machine.sessions.values()].some(({ project: mark }) => mark === name);
    return told || own ? [] : [`${name}: somebody else has a session of that name, and the status does not say so`];
  }
  const course = judgeCourse(project, status, {
    isForgotten: world.forgot,
    lives: liveMains(world, name).filter((main) => placeOf(world.machine, main) !== undefined).length,
    isNeverResting: agents.some(neverRests),
  });
  if (course !== undefined) return [...course, ...judgeRecords(project, world)];
  const waiting = judgeWaiting(project, status, {
    queue: world.files.queue.spec,
    owners: ownersOf(world),
    isLoggedIn: world.machine.account.isLoggedIn && !isLoginUnclear(world),
    lives: liveMains(world, name).filter((main) => placeOf(world.machine, main) !== undefined).length,
    completed: (other) => isCompleted(other, world),
  });
  if (waiting !== undefined) return [...waiting, ...judgeRecords(project, world)];
  const lives = agents.map((agent) => judgeAgent(agent, { world, name, status }));
  const running = agents.filter((_agent, index) => lives[index]?.place !== undefined).length;
  return [
    ...lives.flatMap(({ problems }) => problems),
    ...judgeOrder(
      name,
      lives.flatMap(({ place }) => place ?? []),
    ),
    ...judgeRecords(project, world),
    ...(lives.some(({ place }) => place !== undefined) ? placeholdersOf(name, world) : []),
    ...(running === agents.length && !agents.some(neverRests)
      ? judgeReady(name, stored.metadata.generation, status)
      : []),
  ];
}

/** The names of those that have a slot by what is on record. */
function ownersOf({ disk }: World): ReadonlySet<string> {
  const stored = disk.objects.get(keyOf('Queue', QUEUE)) as unknown as StoredObject<QueueStatus> | undefined;
  return new Set(stored?.status.admitted.map(({ project }) => project));
}

function isCompleted(project: string, { disk }: World): boolean {
  return disk.objects.get(keyOf('Project', project))?.status.phase === 'Completed';
}

/** What held the session open while it had no window of its own. */
function placeholdersOf(name: string, { machine }: World): string[] {
  const left = places(machine).filter(({ pane }) => pane.ours && pane.pid === 0 && pane.project === name);
  return left.map(({ pane }) => `${name}: placeholder ${pane.id} is left`);
}

interface Context {
  readonly world: World;
  readonly name: string;
  readonly status: ProjectStatus;
}

interface AgentVerdict {
  readonly problems: readonly string[];
  readonly place?: Place;
}

function judgeAgent(agent: DesiredAgent, { world, name, status }: Context): AgentVerdict {
  const problem = (text: string): AgentVerdict => ({ problems: [`${name}/${agent.name}: ${text}`] });
  const said = status.agents.find((candidate) => candidate.name === agent.name);
  const live = liveMains(world, name, agent.name);
  if (said === undefined) return problem('not in the status');
  const [main, twin] = live;
  if (twin !== undefined) return world.forgot ? { problems: [] } : problem('runs twice');
  if (main === undefined)
    return mayBeDown(agent, said, world) ? { problems: [] } : problem(`does not run, and is said to be ${said.state}`);
  const place = placeOf(world.machine, main);
  if (neverRests(agent)) return { problems: [], ...(place?.session.name === name && { place }) };
  if (place === undefined) return problem('runs outside of tmux');
  if (main.launch?.hash !== agent.launchHash) return problem('runs by a former spec');
  if (isStillAsked(world.asked, main)) return problem('was to be reset or restarted');
  if (!isWell(main)) {
    const problemOfIt = whyUnwell(main, { agent, said, world });
    return problemOfIt === undefined ? { problems: [] } : problem(problemOfIt);
  }
  if (!said.ready || said.pid !== main.pid) return problem(`is said to be ${said.state}, ready ${said.ready}`);
  if (place.window.name !== agent.name) return problem(`is in a window named ${place.window.name}`);
  if (place.session.name !== name) return problem(`is in session ${place.session.name}`);
  return { problems: [], place };
}

function isWell({ launch, mood }: SimProcess): boolean {
  return launch?.class !== MODEL.metadata.name || (mood.says === 'Busy' && mood.hungSince === undefined);
}

interface Unwell {
  readonly agent: DesiredAgent;
  readonly said: AgentStatus;
  readonly world: World;
}

/** Undefined where it is right to leave it as it is. */
function whyUnwell({ mood }: SimProcess, { agent, said, world }: Unwell): string | undefined {
  if (agent.restartPolicy === 'Never' || !world.machine.account.isLoggedIn || isLoginUnclear(world)) return undefined;
  if (mood.says === 'NeedsAuth') return 'shows a loss of the login that is over';
  const isExhausted = (said.recoveries ?? []).length >= (MODEL.spec.health?.maxRecoveriesPerHour ?? 0);
  return isExhausted ? undefined : 'is hung';
}

/** That it was lost and came back is on record nowhere else, or the clock does not tell which of the two was first. */
function isLoginUnclear({ forgot, machine }: World): boolean {
  const wasLost = machine.account.loggedInSince > 0;
  return wasLost && (forgot || machine.clock.wasSetBack());
}

function mayBeDown(agent: DesiredAgent, said: AgentStatus, world: World): boolean {
  if (neverRests(agent)) return true;
  const isHeld = agent.class === MODEL.metadata.name && said.state === 'Pending';
  if (isHeld && (isLoginUnclear(world) || !world.machine.account.isLoggedIn)) return true;
  return said.state === 'Exited' && agent.restartPolicy !== 'Always' && said.lastExit !== undefined;
}

function judgeOrder(name: string, standing: readonly Place[]): string[] {
  const indexes = standing.map(({ index }) => index);
  return indexes.every((index, at) => at === 0 || index > (indexes[at - 1] ?? 0))
    ? []
    : [`${name}: windows at ${indexes.join(', ')}`];
}

function judgeReady(name: string, generation: number, status: ProjectStatus): string[] {
  const is = (type: string): string | undefined =>
    status.conditions.find((condition) => condition.type === type)?.status;
  const good = is('Ready') === 'True' && is('Reconciling') === 'False' && is('Stalled') === 'False';
  if (!good)
    return [
      `${name}: all agents run, and the conditions are ${status.conditions.map(({ type }) => `${type} ${is(type) ?? ''}`).join(', ')}`,
    ];
  if (status.phase !== 'Running') return [`${name}: all agents run, and the phase is ${status.phase}`];
  return status.observedGeneration === generation ? [] : [`${name}: said of another generation`];
}

function judgeRecords({ name, agents }: DesiredProject, world: World): string[] {
  const entry = world.disk.inventory.get(keyOf('Project', name));
  if (entry === undefined) return [`${name}: nothing in the inventory`];
  const names = Object.keys(entry.agents).sort().join(' ');
  const wanted = agents
    .map((agent) => agent.name)
    .sort()
    .join(' ');
  // Of a run that lost its terminal nobody knows any more once the state was deleted.
  const known = liveMains(world, name).filter((main) => !world.forgot || placeOf(world.machine, main) !== undefined);
  const uids = new Set(known.map(({ launch }) => launch?.uid));
  return [
    ...(names === wanted ? [] : [`${name}: the inventory names ${names}`]),
    ...([...uids].every((uid) => uid === entry.uid) ? [] : [`${name}: runs under another uid than the inventory says`]),
  ];
}

function judgeAbsence(name: string, world: World): string[] {
  const key = keyOf('Project', name);
  // With neither a spec nor a record of it, nobody says that what bears its mark should go.
  if (world.forgot && !world.disk.objects.has(key) && !world.disk.inventory.has(key)) return [];
  const left = places(world.machine).filter(({ pane }) => pane.ours && pane.project === name);
  const session = [...world.machine.sessions.values()].find(({ project }) => project === name);
  return [
    ...(liveMains(world, name).length > 0 ? [`${name}: is not wanted, and runs`] : []),
    ...(left.length > 0 ? [`${name}: is not wanted, and has panes`] : []),
    ...(session === undefined ? [] : [`${name}: is not wanted, and has a session`]),
    ...(world.disk.objects.has(key) || world.disk.inventory.has(key) ? [`${name}: is not wanted, and on record`] : []),
  ];
}

/** Children of runs that are over. */
function strays({ machine, files, forgot }: World): string[] {
  if (forgot) return [];
  const mains = new Set(
    [...machine.processes.values()]
      .filter((process) => process.isMain && isAlive(machine, process))
      .map(({ launch }) => launch?.run),
  );
  return [...machine.processes.values()].flatMap(({ pid, launch, isMain, zombie }) => {
    if (launch === undefined || isMain || zombie || mains.has(launch.run)) return [];
    const agent = files.wanted.get(launch.project)?.agents.find(({ name }) => name === launch.agent);
    return agent !== undefined && neverRests(agent)
      ? []
      : [`${launch.project}/${launch.agent}: child ${pid} of a former run lives`];
  });
}
