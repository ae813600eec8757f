import { MuxletError } from '../api/errors.ts';
import { hashOf } from '../api/metadata.ts';
import { specHashOf } from '../api/normalise.ts';
import { findValues } from './jsonpath/evaluate.ts';
import type { TemplateNode } from './jsonpath/syntax.ts';
import type { ApiObject } from './object.ts';
import type { CliDeps, Output, Places } from './ports.ts';
import { type Say, withProgress } from './progress.ts';
import { objectName } from './render/output.ts';
import { kindNamed } from './resources.ts';
import { loadView, type View } from './view.ts';
import { changes } from './watch.ts';
import { within } from './within.ts';

/** What is waited for. */
export type Goal =
  | { readonly type: 'Condition'; readonly condition: string; readonly status: string }
  | { readonly type: 'Phase'; readonly phase: string }
  | { readonly type: 'Value'; readonly template: readonly TemplateNode[]; readonly value: string | undefined }
  | { readonly type: 'Deleted' }
  /** What ran of an object whose spec was removed has ended; or somebody declared it anew, and it ends no more. */
  | { readonly type: 'Removed' };

export interface WaitContext {
  readonly deps: CliDeps;
  readonly places: Places;
  readonly timeoutMs: number;
}

export interface ObjectId {
  readonly kind: string;
  readonly name: string;
}

/**
 * Waits until every object has reached the goal.
 *
 * @param reached what is printed of each object as it gets there
 * @throws MUX_TIMEOUT that names those which had not when the time was up; MUX_NOT_FOUND if one is not there at all
 */
export async function waitForAll(
  objects: readonly ObjectId[],
  goal: Goal,
  { deps, places, timeoutMs }: WaitContext,
  reached: (object: ObjectId) => string = () => '',
): Promise<void> {
  let open = objects;
  const look = (view: View, say: Say, stdout: Output): boolean => {
    open = open.filter((object) => {
      const isBack = goal.type === 'Removed' && specOf(view, object) !== undefined;
      const done = isBack || (isCurrent(view, object) && isReached(goal, findApiObject(view, object)));
      if (done) stdout.write(reached(object));
      return !done;
    });
    say(waitingFor(view, open, objects.length));
    return open.length === 0;
  };
  const isDone = await withProgress(deps, async (say, { stdout }) => {
    if (look(await loadView(deps, places), say, stdout)) return true;
    const signal = within(timeoutMs, deps.interrupt);
    for await (const _ of changes(places, signal)) if (look(await loadView(deps, places), say, stdout)) return true;
    return false;
  });
  if (isDone) return;
  const names = open.map(({ kind, name }) => objectName({ kind, metadata: { name } })).join(', ');
  if (deps.interrupt.aborted) throw new MuxletError('MUX_TIMEOUT', `interrupted while waiting for ${names}`);
  throw new MuxletError('MUX_TIMEOUT', `timed out waiting for the condition on ${names}`);
}

/** How many have got there, and what the first of those that have not is doing. */
function waitingFor(view: View, open: readonly ObjectId[], all: number): string {
  const [first] = open;
  if (first === undefined) return '';
  const count = all > 1 ? `${all - open.length} of ${all} are there; ` : '';
  const object = findApiObject(view, first);
  const phase = object?.kind === 'Project' ? object.status.phase : '';
  const conditions = object !== undefined && hasConditions(object) ? (object.status?.conditions ?? []) : [];
  const why = conditions.find(({ type, status }) => type === 'Ready' && status !== 'True')?.message ?? '';
  const name = objectName({ kind: first.kind, metadata: { name: first.name } });
  return `${count}waiting for ${name}: ${[phase, why].filter(Boolean).join(', ')}`.replace(/: $/, '');
}

/**
 * Whether what is shown of a project speaks of the spec as it stands now: for a moment after a change, the controller's
 * last status is still that of the spec before it, Ready and all.
 */
function isCurrent(view: View, { kind, name }: ObjectId): boolean {
  const spec = specOf(view, { kind, name });
  if (spec?.kind !== 'Project' && spec?.kind !== 'GitSource' && spec?.kind !== 'Alert') return true;
  const stored = view.state.objects.find((object) => object.kind === spec.kind && object.metadata.name === name);
  if (stored === undefined) return true;
  return stored.specHash === (spec.kind === 'Project' ? specHashOf(spec) : hashOf(spec.spec));
}

function specOf({ specs }: View, { kind, name }: ObjectId) {
  const wanted = kindNamed(kind).kind;
  return specs.objects.find(({ object }) => object.kind === wanted && object.metadata.name === name)?.object;
}

function findApiObject(view: View, { kind, name }: ObjectId): ApiObject | undefined {
  return view.objects(kindNamed(kind).kind as ApiObject['kind']).find(({ metadata }) => metadata.name === name);
}

function isReached(goal: Goal, object: ApiObject | undefined): boolean {
  if (goal.type === 'Deleted' || goal.type === 'Removed') return object === undefined;
  if (object === undefined) return false;
  switch (goal.type) {
    case 'Condition':
      return holds(object, goal);
    case 'Phase':
      return object.kind === 'Project' && object.status.phase.toLowerCase() === goal.phase.toLowerCase();
    case 'Value': {
      const values = findValues(goal.template, object);
      return goal.value === undefined ? values.length > 0 : values.some((value) => String(value) === goal.value);
    }
  }
}

/** A condition that speaks of an older spec says nothing about this one. */
function holds(object: ApiObject, { condition, status }: Extract<Goal, { readonly type: 'Condition' }>): boolean {
  if (!hasConditions(object)) return false;
  const { generation } = object.metadata;
  const { conditions = [] } = object.status ?? {};
  const found = conditions.find(({ type }) => type.toLowerCase() === condition.toLowerCase());
  if (found === undefined || found.status.toLowerCase() !== status.toLowerCase()) return false;
  return generation === undefined || found.observedGeneration >= generation;
}

function hasConditions(
  object: ApiObject,
): object is Extract<ApiObject, { readonly kind: (typeof WITH_CONDITIONS)[number] }> {
  return WITH_CONDITIONS.some((kind) => kind === object.kind);
}

const WITH_CONDITIONS = ['Project', 'Queue', 'GitSource', 'Alert'] as const;
