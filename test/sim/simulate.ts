/** Plays a schedule, then lets the world come to rest, and says all that was wrong on the way and at the end. */
import { keyOf } from '../../controller/api/key.ts';
import { randomFrom } from '../support/random.ts';
import { createCourseWatch } from './course-watch.ts';
import { logIn, loseLogin } from './login.ts';
import { createMachine } from './machine.ts';
import { createOracle } from './oracle.ts';
import { doDeed } from './person.ts';
import { die, isAlive, loseServer, reboot } from './processes.ts';
import { PROJECTS, type Schedule, type Step } from './schedule.ts';
import { ask, createAsked } from './sim-asked.ts';
import { createSimClock } from './sim-clock.ts';
import { type Life, startController, type World } from './sim-controller.ts';
import { HUNG_AFTER_MS, MODEL } from './sim-health.ts';
import { createQueueWatch, writeQueue } from './sim-queue.ts';
import { createSpecFiles, writeSpec } from './sim-specs.ts';
import { createDisk } from './sim-state.ts';
import { canRest, restlessness, startedAgain, unconverged } from './verdict.ts';

export interface Verdict {
  readonly violations: readonly string[];
  readonly log: readonly string[];
}

/** Longer than an action is under way before it crashes the controller. */
const LAST_CRASH_MS = 10;
/** Two resyncs, the longest pause of the queue, and every backoff, grace period, deadline and attempt fit in here. */
const COMES_TO_REST_MS = 120_000;
const STAYS_AT_REST_MS = 40_000;

export async function simulate({ seed, steps }: Schedule): Promise<Verdict> {
  const clock = createSimClock();
  const machine = createMachine(clock);
  const files = createSpecFiles();
  const asked = createAsked();
  const oracle = createOracle(machine, files, asked);
  const disk = createDisk();
  const isOnRecord = (project: string) => disk.objects.has(keyOf('Project', project));
  const world: World = {
    machine,
    files,
    oracle,
    asked,
    disk,
    projects: PROJECTS,
    random: randomFrom(seed),
    fates: [],
    courses: createCourseWatch(clock),
    queue: createQueueWatch(machine, files.queue, isOnRecord),
    deaf: false,
    forgot: false,
    actions: 0,
    runs: 0,
  };
  let life = startController(world);
  const between = (): void => {
    if (!world.forgot) oracle.watchTwins();
  };
  const revive = (): Life => (life.isAlive() ? life : startController(world));

  for (const step of steps) {
    if (step.type !== 'Wait') {
      oracle.note(JSON.stringify(step));
      machine.begun.clear();
    }
    if (step.type === 'Reboot') {
      life.crash();
      reboot(machine);
      await clock.run(step.downMs, between);
    }
    if (step.type === 'Crash') {
      life.crash();
      if (step.deleteState) deleteState(world);
      await clock.run(step.downMs, between);
    }
    take(step, world);
    await clock.run(step.type === 'Wait' ? step.ms : 0, between);
    life = revive();
    if (oracle.violations.length > 0) return oracle;
  }
  calm(world);
  // A crash that was on its way already, with an action, still comes.
  await clock.run(LAST_CRASH_MS, between);
  life = revive();
  await clock.run(COMES_TO_REST_MS, between);
  for (const problem of unconverged(world)) oracle.violated(problem);
  if (steps.findLast(({ type }) => type !== 'Wait')?.type === 'Reboot') {
    for (const problem of startedAgain(world)) oracle.violated(problem);
  }
  if (canRest(world)) {
    const before = { actions: world.actions, writes: world.disk.writes };
    await clock.run(STAYS_AT_REST_MS, between);
    for (const problem of restlessness(world, before)) oracle.violated(problem);
  }
  life.crash();
  return oracle;
}

function take(step: Step, world: World): void {
  const { machine, files } = world;
  const { clock } = machine;
  switch (step.type) {
    case 'Wait':
    case 'Crash':
    case 'Reboot':
      return;
    case 'Queue':
      writeQueue(files.queue, step.spec, clock.elapsed());
      files.onEdit();
      return;
    case 'Edit':
      writeSpec(files, clock, step);
      return;
    case 'Kill': {
      const ours = [...machine.processes.values()].filter(
        (process) => process.launch !== undefined && isAlive(machine, process),
      );
      const process = ours[step.which % Math.max(1, ours.length)];
      const { exitCode, signal } = step;
      if (process === undefined) return;
      die(machine, process, { ...(exitCode !== undefined && { exitCode }), ...(signal !== undefined && { signal }) });
      return;
    }
    case 'Deaths':
      machine.deathMode = step.mode;
      return;
    case 'Person':
      doDeed(machine, step.deed, step.which, step.other);
      return;
    case 'LoseServer':
      if (machine.up) loseServer(machine);
      machine.unknownUntil = clock.elapsed() + 50;
      return;
    case 'ServerSilent':
      machine.deafUntil = clock.elapsed() + step.ms;
      return;
    case 'ServerUnknown':
      machine.unknownUntil = clock.elapsed() + step.ms;
      return;
    case 'Fates':
      world.fates.push(...step.fates);
      return;
    case 'Clock':
      clock.setWall(step.byMs);
      return;
    case 'Sleep':
      clock.sleep(step.ms);
      return;
    case 'LoseLogin':
      loseLogin(machine, step.isSeenByCheck);
      return;
    case 'LogIn':
      logIn(machine);
      return;
    case 'Hang': {
      const working = [...machine.processes.values()].filter(
        (process) => process.launch?.class === MODEL.metadata.name && process.isMain && process.mood.says === 'Busy',
      );
      const process = working[step.which % Math.max(1, working.length)];
      if (process?.launch === undefined || process.mood.hungSince !== undefined) return;
      process.mood = { ...process.mood, hungSince: clock.elapsed() };
      machine.onMood(process.launch.project, HUNG_AFTER_MS);
      return;
    }
    case 'Report': {
      const agents = [...machine.processes.values()].filter(({ isMain, launch }) => isMain && launch !== undefined);
      const process = agents[step.which % Math.max(1, agents.length)];
      if (process?.launch === undefined) return;
      process.reportedAt = clock.now();
      machine.onMood(process.launch.project, 0);
      return;
    }
    case 'Ask':
      ask(world.asked, world.disk, step.project, step.wish);
      return;
    case 'Hints':
      world.deaf = step.lost;
      return;
  }
}

function deleteState(world: World): void {
  const { disk, files } = world;
  world.forgot = true;
  disk.objects.clear();
  disk.inventory.clear();
  disk.boot = undefined;
  world.queue.forget();
  files.sightings.clear();
}

function calm(world: World): void {
  world.fates.length = 0;
  world.deaf = false;
  world.machine.deathMode = 'Clean';
  world.machine.deafUntil = 0;
  world.machine.unknownUntil = 0;
  world.oracle.note('from here on nothing happens any more');
}
