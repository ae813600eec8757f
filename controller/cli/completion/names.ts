import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredObject } from '../../api/metadata.ts';
import type { ApiObject } from '../object.ts';
import type { CliDeps, Places } from '../ports.ts';
import type { View } from '../view.ts';

/** Kinds of which the controller keeps a record for each object, under the record's name. */
const RECORDED: readonly string[] = ['Project', 'Queue', 'GitSource'];

/**
 * Names of the objects of a kind. Where a controller has recorded them, the names of its files are enough: somebody waits
 * with a finger on a key, and specs take long to read.
 */
export async function namesOf(kind: ApiObject['kind'], deps: CliDeps, places: Places): Promise<readonly string[]> {
  const recorded = RECORDED.includes(kind) ? recordedNames(kind, places) : [];
  if (recorded.length > 0) return recorded;
  const view = await viewOf(deps, places);
  return view.objects(kind).map(({ metadata }) => metadata.name);
}

/** Names of a project's agents, without the project's. */
export async function agentsOf(project: string, deps: CliDeps, places: Places): Promise<readonly string[]> {
  const status = readStatus(project, places);
  if (status !== undefined) return status.agents.map(({ name }) => name);
  const view = await viewOf(deps, places);
  return view
    .objects('Agent')
    .map(({ metadata }) => metadata.name)
    .filter((name) => name.startsWith(`${project}.`))
    .map((name) => name.slice(project.length + 1));
}

/** Names of an Alert's receivers. */
export async function receiversOf(alert: string, deps: CliDeps, places: Places): Promise<readonly string[]> {
  const view = await viewOf(deps, places);
  const found = view.objects('Alert').find(({ metadata }) => metadata.name === alert);
  return found?.kind === 'Alert' ? found.spec.receivers.map(({ name }) => name) : [];
}

async function viewOf(deps: CliDeps, places: Places): Promise<View> {
  const { loadView } = await import('../view.ts');
  return loadView(deps, places);
}

function recordedNames(kind: string, { state }: Places): readonly string[] {
  try {
    return readdirSync(join(state, 'status', kind.toLowerCase())).flatMap((file) =>
      file.endsWith('.json') && !file.startsWith('.') ? [file.slice(0, -'.json'.length)] : [],
    );
  } catch {
    return [];
  }
}

function readStatus(project: string, { state }: Places): StoredObject['status'] | undefined {
  // What was typed is no path.
  if (!/^[a-z0-9-]+$/.test(project)) return undefined;
  try {
    const text = readFileSync(join(state, 'status', 'project', `${project}.json`), 'utf8');
    return (JSON.parse(text) as StoredObject).status;
  } catch {
    return undefined;
  }
}
