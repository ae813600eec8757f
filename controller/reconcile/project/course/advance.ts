/**
 * How an attempt goes on, before anything is planned for its agents: whether it is admitted, whether its time is over,
 * whether anybody is left who could do the work, whether the next one begins.
 */
import type { RunStatus } from '../../../api/generated/all.ts';
import type { AgentView } from '../agent-view.ts';
import { firstStart } from '../completing/attempt-start.ts';
import { isOver } from '../over.ts';
import { counted, type Deadline, elapsedMs, isFresh, limitMs, tick } from './clock.ts';
import { pauseLeftMs, pauseMs } from './retry.ts';
import { deadlineMessage, fail, type Scene, ticking } from './scene.ts';
import { enter, firstRun, nextRun } from './stages.ts';
import { unmet, verify } from './verify.ts';

export function advance(scene: Scene): RunStatus {
  const { input, project } = scene;
  const run = input.previous?.run ?? firstRun(project.inputs, input.now);
  switch (run.stage) {
    case 'Waiting':
      return goOn(live(run, scene), scene);
    case 'Active':
    case 'TimingOut':
    case 'Verifying':
      return goOn(live(run, scene), scene);
    case 'Ending':
      return run;
    case 'BackingOff':
      return afterPause(run, scene);
    case 'Finished':
      return again(run, scene);
  }
}

/** What is under way takes up a changed spec as it goes. */
function live(run: RunStatus, { project, confirmed }: Scene): RunStatus {
  return confirmed && run.inputs !== project.inputs ? { ...run, inputs: project.inputs } : run;
}

function goOn(run: RunStatus, scene: Scene): RunStatus {
  const { isOpen, work, project } = scene;
  const { now } = scene.input;
  const { deadline } = project.course;
  // It may come to its result with nobody admitted, once nobody has to work any more.
  const isFinishing = run.stage === 'Verifying' && !scene.isSuspended && areAllOver(scene);
  if (!isOpen && !isFinishing) {
    const stood = tick(run, deadline, ticking(scene, false));
    return run.stage === 'Waiting' ? stood : enter(unmet(stood), 'Waiting', now);
  }
  if (run.stage === 'Waiting') return work.began ? begin(run, scene) : run;
  // Without rules the work is done when all have ended well: somebody has taken the rules away, or has agents start again.
  const isUndone = project.completion === undefined && !haveAllEndedWell(scene);
  if (run.stage === 'Verifying') return isUndone ? enter(unmet(run), 'Active', now) : verify(run, scene);
  if (work.stuck.length > 0) return fail(run, 'RecoveriesExhausted', stuckMessage(work.stuck), scene);
  if (deadline === undefined) {
    const free = tick(run, undefined, ticking(scene, false));
    return run.stage === 'TimingOut' ? enter(free, 'Active', now) : free;
  }
  return run.stage === 'TimingOut' ? timeOut(run, deadline, scene) : keepTime(run, deadline, scene);
}

function areAllOver({ views }: Scene): boolean {
  return views.every((view) => view.desired === undefined || isOver(view));
}

function haveAllEndedWell(scene: Scene): boolean {
  const wanted = scene.views.filter(({ desired }) => desired !== undefined);
  return areAllOver(scene) && wanted.every(({ lastExit }) => lastExit?.reason === 'Completed');
}

function begin(run: RunStatus, scene: Scene): RunStatus {
  const startedAt = run.startedAt ?? new Date(firstStart(scene.views, scene.input)).toISOString();
  return tick(
    { ...enter(run, 'Active', scene.input.now), startedAt },
    scene.project.course.deadline,
    ticking(scene, scene.work.mayGoOn),
  );
}

/** Moves the deadline on while it may be, and says when it is over. */
function keepTime(before: RunStatus, deadline: Deadline, scene: Scene): RunStatus {
  const time = ticking(scene, scene.work.mayGoOn);
  let run = scene.work.loginTrouble ? allow(before, 'LoginTrouble', deadline) : before;
  while (time.runs && elapsedMs(run, time) >= limitMs(run, deadline)) {
    if (!isFresh(run, deadline, time)) return over(run, deadline, scene);
    const eased = allow(run, 'RecentActivity', deadline);
    if (eased !== run) run = eased;
    else if (run.extensions < deadline.extensions) run = { ...run, extensions: run.extensions + 1 };
    else return over(run, deadline, scene);
  }
  return run === before ? tick(run, deadline, time) : counted(run, time, deadline);
}

function allow(run: RunStatus, what: NonNullable<RunStatus['allowances']>[number], deadline: Deadline): RunStatus {
  const { allowances = [] } = run;
  if (deadline.allowances[what] === 0 || allowances.includes(what)) return run;
  return { ...run, allowances: [...allowances, what] };
}

function over(run: RunStatus, deadline: Deadline, scene: Scene): RunStatus {
  return enter(counted(run, ticking(scene, true), deadline), 'TimingOut', scene.input.now);
}

/** Nobody who may save something is kept from it for long, and nobody who is held by an account is waited for. */
function timeOut(run: RunStatus, deadline: Deadline, scene: Scene): RunStatus {
  const time = ticking(scene, true);
  const late = elapsedMs(run, time) - limitMs(run, deadline);
  // Somebody has moved it on; what is less is the last digits of a number.
  if (late < -100) return enter(counted(run, time, deadline), 'Active', scene.input.now);
  const wanted = scene.views.filter(({ desired }) => desired !== undefined);
  // Ended for good in its grace: how well is looked at once it is planned.
  if (wanted.every(isOver)) return tick(run, deadline, time);
  const alive = wanted.some(({ life }) => life.type === 'Running' || life.type === 'Settling');
  if (alive && late < deadline.graceMs) return tick(run, deadline, time);
  return fail(run, 'DeadlineExceeded', deadlineMessage(run, deadline), scene);
}

function afterPause(run: RunStatus, scene: Scene): RunStatus {
  const { input, project, isSuspended, confirmed } = scene;
  // Somebody has changed what it works on: that is tried at once, and anew.
  if (confirmed && run.inputs !== project.inputs) return anew(run, 1, scene);
  const left = pauseLeftMs(run, input.now);
  const longest = pauseMs(input.meta.uid, run, project.course);
  // The clock was set back, or the pause made shorter: nobody waits for longer than from now on.
  if (left > longest) return { ...run, nextAttemptAt: new Date(input.now + longest).toISOString() };
  return isSuspended || left > 0 ? run : anew(run, run.attempt + 1, scene);
}

/** Only a change of what may change the outcome; of a project that is completed, only if it leaves somebody to do something. */
function again(run: RunStatus, scene: Scene): RunStatus {
  const { project, confirmed } = scene;
  if (!confirmed || run.inputs === project.inputs) return run;
  // What rules judged was ended with its agents at work: all of them are asked anew.
  if (run.result === 'Failed' || project.completion !== undefined) return anew(run, 1, scene);
  if (areAllOver(scene)) return { ...run, inputs: project.inputs };
  return nextRun(run, { attempt: 1, inputs: project.inputs, priorRuns: run.priorRuns ?? [] }, scene.input.now);
}

function anew(run: RunStatus, attempt: number, { input, project, views }: Scene): RunStatus {
  const priorRuns = views.flatMap(({ lastExit }) => lastExit?.run ?? []);
  return nextRun(run, { attempt, inputs: project.inputs, priorRuns }, input.now);
}

function stuckMessage(stuck: readonly AgentView[]): string {
  const each = stuck.map((view) => `${view.name}: ${view.stuck?.message ?? ''}`);
  return `all agents are stuck, and were recovered as often as they may be: ${each.join('; ')}`;
}
