import { setTimeout } from 'node:timers/promises';
import type { Action } from '../api/action.ts';
import type { DesiredEnv } from '../api/desired.ts';
import type { PaneMark, PaneOutput } from '../api/observed.ts';
import type { OutputKeeper, PanePlace } from '../runtime/output/output-keeper.ts';
import type { Hands, SpecSource } from '../runtime/ports.ts';

/** After the action began, in milliseconds. */
const AT_LATEST_MS = 100;

/**
 * Saves what stands in a pane before an action takes it away; the action does not wait for it.
 *
 * @param seen what is known to have stood in it at its run's end
 */
export function savingHands(
  hands: Hands,
  keeper: Pick<OutputKeeper, 'lastLook'>,
  seen: (project: string, pane: PanePlace) => PaneOutput | undefined,
): Hands {
  return {
    carryOut(action) {
      const lost = lostBy(action);
      const known = lost && seen(lost.owner.project, lost.pane);
      if (lost !== undefined && known === undefined) keeper.lastLook(lost.pane);
      const done = hands.carryOut(action);
      // What is known already nothing takes away: it is saved once the agent that is started waits for nothing, or so soon
      // that nobody else's output waits for an action that takes its time.
      if (lost !== undefined && known !== undefined) {
        const soon = Promise.race([done, setTimeout(AT_LATEST_MS, undefined, { ref: false })]);
        keeper.lastLook(
          lost.pane,
          soon.then(() => known),
        );
      }
      return done;
    },
  };
}

/** Whose text an action takes away. A session is only removed together with its project's files. */
function lostBy(action: Action) {
  switch (action.type) {
    case 'RespawnPane':
    case 'KillPane':
    case 'KillWindow':
      return action;
    case 'CreateSession':
    case 'RestoreSession':
    case 'CreateWindow':
    case 'SplitWindow':
    case 'RenameSession':
    case 'RenameWindow':
    case 'MarkWindow':
    case 'MoveWindow':
    case 'LinkWindow':
    case 'SwapWindows':
    case 'BreakPane':
    case 'Finish':
    case 'Answer':
    case 'Signal':
    case 'WakeServer':
    case 'RemovePlaceholder':
    case 'KillSession':
    case 'ReleaseSession':
    case 'ArrangeWorkTrees':
    case 'FinishWork':
      return undefined;
  }
}

/** The variables of the agent that a mark names, as the spec has them now. */
export function variablesOf(specs: Pick<SpecSource, 'desiredProject'>, mark: PaneMark): readonly DesiredEnv[] {
  const desired = specs.desiredProject(mark.project);
  const agents = desired.type === 'Present' ? desired.project.agents : [];
  return agents.find(({ name }) => name === mark.agent)?.env ?? [];
}
