/** What a project wants of its work trees, and what is said of them. */
import type { Action } from '../../api/action.ts';
import { OVERLAY } from '../../api/admission.ts';
import type { EventNote, ProjectInput } from '../../api/decision.ts';
import type { DesiredAgent, DesiredProject } from '../../api/desired.ts';
import type { AgentStatus, KeptWork, ProjectStatus, RunStatus } from '../../api/generated/all.ts';
import { hashOf } from '../../api/metadata.ts';
import type { WantedTree, WorkspacePlace, WorkTreesRequest } from '../../api/work-trees-request.ts';
import { type AgentPlan, isDown } from './agent-plan.ts';
import type { Fact } from './conditions.ts';
import type { Intent } from './intent.ts';
import { treeObstacles } from './tree-obstacles.ts';

export interface TreeScene {
  readonly input: ProjectInput;
  readonly plans: readonly AgentPlan[];
  readonly intent: Intent;
  readonly run: RunStatus | undefined;
  /** Nothing of the object is left in tmux, and it is on its way out. */
  readonly isGone: boolean;
  /** What is kept of it has been kept for long enough. */
  readonly isExpired: boolean;
}

/** Asked once; again only if something else is wanted. */
export function treeActions(scene: TreeScene): Action[] {
  const { meta, observed } = scene.input;
  const request = requestOf(scene);
  if (request === undefined || observed.workspace?.asked === hashOf(request)) return [];
  return [{ type: 'ArrangeWorkTrees', owner: { project: meta.name, uid: meta.uid }, request }];
}

function requestOf(scene: TreeScene): WorkTreesRequest | undefined {
  const { meta, desired, previous } = scene.input;
  const places = placesOf(scene.input);
  const common = {
    project: meta.name,
    uid: meta.uid,
    attempt: scene.run?.attempt ?? previous?.run?.attempt ?? 1,
    places,
  };
  switch (desired.type) {
    case 'Rejected':
      return undefined;
    case 'Absent': {
      if (!scene.isGone || places.length === 0 || keepsTrees(scene.input)) return undefined;
      const release = scene.input.overlay[OVERLAY.reset] === meta.uid ? 'Reset' : 'Removed';
      return { ...common, trees: [], agents: [], release };
    }
    case 'Present': {
      const { project } = desired;
      if (project.workspace === undefined && places.length === 0) return undefined;
      const ends = scene.isExpired && scene.plans.every(isDown);
      const kept = scene.plans.filter(({ next }) => next.type !== 'Remove').map(({ view }) => view.name);
      const { workspace } = project;
      return {
        ...common,
        ...(workspace !== undefined && { workspace }),
        trees: mayMake(scene) ? wantedTrees(project) : [],
        agents: kept,
        ...(ends && { release: 'Removed' as const }),
      };
    }
  }
}

/** None is made for a project that waits, is suspended or is over; one that failed is tried again while it waits for that. */
function mayMake({ intent, input }: TreeScene): boolean {
  if (intent.type === 'Run') return true;
  const failed = [...(input.observed.workspace?.trees.values() ?? [])].some(({ state }) => state === 'Failed');
  return failed && intent.type === 'Stand' && input.admission.type === 'Waiting';
}

function wantedTrees({ agents }: DesiredProject): WantedTree[] {
  const byPath = new Map<string, DesiredAgent[]>();
  for (const agent of agents) {
    if (agent.workTree === undefined) continue;
    byPath.set(agent.workTree.path, [...(byPath.get(agent.workTree.path) ?? []), agent]);
  }
  return [...byPath].flatMap(([path, users]) => {
    const [first] = users;
    if (first?.workTree === undefined) return [];
    const { branch } = first.workTree;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const env = first.env.filter((variable) => !('template' in variable));
    return [{ name, agents: users.map((user) => user.name), path, branch, env }];
  });
}

/**
 * Where there may be work trees of the project: those on record, and where the next one is made. One repository may stand
 * there for several places and has all of them released at once: what becomes of them is what the spec says now.
 */
export function placesOf({
  desired,
  places = [],
}: Pick<ProjectInput, 'desired' | 'places'>): readonly WorkspacePlace[] {
  const workspace = desired.type === 'Present' ? desired.project.workspace : undefined;
  if (workspace === undefined) return places;
  const { root, onDelete, repo } = workspace;
  const others = places.filter((place) => place.repository !== repo.path || place.root !== root);
  return [...others.map((place) => ({ ...place, onDelete })), { repository: repo.path, root, onDelete }];
}

function keepsTrees({ overlay, meta }: ProjectInput): boolean {
  return overlay[OVERLAY.reset] === meta.uid && overlay[OVERLAY.keepWorkTrees] === meta.uid;
}

/** Whether nothing holds the object any more that could lose somebody's work. */
export function isReleased(input: ProjectInput): boolean {
  if (placesOf(input).length === 0 || keepsTrees(input)) return true;
  return input.observed.workspace?.released === true;
}

export function treeFacts({ input, intent, isGone }: Pick<TreeScene, 'input' | 'intent' | 'isGone'>): Fact[] {
  const { desired, observed, meta } = input;
  const { workspace } = observed;
  if (desired.type === 'Absent') {
    if (meta.deletionTimestamp === undefined || !isGone || isReleased(input)) return [];
    const message = workspace?.held ?? 'its work trees are being released';
    return [{ type: 'WorkspaceReady', status: 'False', reason: 'WorkTreesHeld', message }];
  }
  if (desired.type === 'Rejected' || desired.project.workspace === undefined) return [];
  const { agents } = desired.project;
  const obstacles = treeObstacles(agents, workspace);
  // Nobody needs one while nothing may begin.
  if (workspace === undefined || (intent.type !== 'Run' && workspace.trees.size === 0)) return [];
  const [worst] = [...obstacles].sort((a, b) => urgency(b.reason) - urgency(a.reason));
  if (worst === undefined) return [{ type: 'WorkspaceReady', status: 'True', reason: 'WorkspaceReady' }];
  const same = obstacles.filter(({ reason }) => reason === worst.reason);
  const message = same.map((one) => `${one.agent}: ${one.message}`).join('; ');
  return [{ type: 'WorkspaceReady', status: 'False', reason: worst.reason, message }];
}

/** What a person has to do something about comes before what passes. */
function urgency(reason: string): number {
  if (reason === 'WorkTreePreparing') return 0;
  return reason === 'SettingUp' ? 1 : 2;
}

/** The agent's work tree as it was seen, or as it was last said to be. */
export function withTree(agent: AgentStatus, { observed, previous, desired }: ProjectInput): AgentStatus {
  const wanted =
    desired.type === 'Present' ? desired.project.agents.find(({ name }) => name === agent.name) : undefined;
  if (desired.type === 'Present' && wanted !== undefined && wanted.workTree === undefined) return agent;
  // They went, or are a person's: those that are kept are told of elsewhere.
  if (desired.type === 'Present' && observed.workspace?.released === true) return agent;
  const before = previous?.agents.find(({ name }) => name === agent.name)?.workTree;
  const seen = observed.workspace?.trees.get(agent.name);
  // A controller that has just begun has not looked yet, and what it finds as it was is no news.
  const isToBeSeen = seen?.state === 'Pending' && before?.state === 'Ready' && before.path === seen.path;
  const workTree = seen === undefined || isToBeSeen ? before : seen;
  return workTree === undefined ? agent : { ...agent, workTree };
}

/** So many are told of. */
const KEPT = 100;

/** What is said of the project as a whole. */
export function treeStatus({ observed, previous }: ProjectInput): Pick<ProjectStatus, 'base' | 'kept'> {
  const base = observed.workspace?.base ?? previous?.base;
  const known = previous?.kept ?? [];
  const kept = [...known, ...newlyKept(known, observed.workspace?.kept ?? [])].slice(-KEPT);
  return { ...(base !== undefined && { base }), ...(kept.length > 0 && { kept }) };
}

function newlyKept(known: readonly KeptWork[], seen: readonly KeptWork[]): KeptWork[] {
  const keyOf = ({ agent, path, branch, ref, commit }: KeptWork): string =>
    // A saved one has a reference of its own, whoever tells of it.
    ref ?? JSON.stringify([agent, path, branch, commit]);
  const keys = new Set(known.map(keyOf));
  return seen.filter((one) => !keys.has(keyOf(one)));
}

export function treeEvents(before: ProjectStatus | undefined, after: ProjectStatus): EventNote[] {
  const kept = newlyKept(before?.kept ?? [], after.kept ?? []).map(
    ({ agent, path, message }): EventNote => ({
      type: 'Normal',
      reason: 'WorkKept',
      message: `work of ${agent} was kept: ${path === undefined ? '' : `${path}: `}${message}`,
    }),
  );
  const trees = after.agents.flatMap(({ name, workTree }): EventNote[] => {
    const was = before?.agents.find((agent) => agent.name === name)?.workTree;
    if (workTree === undefined || (was?.state === workTree.state && was.reason === workTree.reason)) return [];
    if (workTree.state === 'Failed') {
      const reason = (workTree.reason ?? 'WorkTreeFailed') as EventNote['reason'];
      const message = `agent ${name}: ${workTree.message ?? 'its work tree failed'}`;
      return [{ type: 'Warning', reason, message, agent: name }];
    }
    if (workTree.state !== 'Ready') return [];
    const message = `agent ${name} has work tree ${workTree.path} on branch ${workTree.branch ?? ''}`;
    return [{ type: 'Normal', reason: 'WorkTreeMade', message, agent: name }];
  });
  return [...kept, ...trees];
}
