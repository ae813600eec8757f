import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentStatus, Project } from '../../api/generated/all.ts';
import type { StoredObject } from '../../api/metadata.ts';
import type { ProcessTable } from '../../observe/process-table.ts';
import { createUsageMeter, type Root, type TreeUsage } from '../../observe/process-usage.ts';
import { mergeProject } from '../merge.ts';
import { labelsOf, type ProjectObject, type QueueObject } from '../object.ts';
import type { CliDeps, Places, SpecsView } from '../ports.ts';
import { type Selector, selects } from '../selector.ts';
import { createMailCounter } from './count-mail.ts';
import type { Facts } from './facts.ts';
import { queueRow, rowsOf } from './rows.ts';
import { watchStatus } from './watch-status.ts';

/** Specs are read again so often even if nothing tells of a change, in milliseconds. */
const SPECS_MS = 30_000;
const CONTROLLER_MS = 2000;

/** Unlike the time of day, it only goes forward. */
const elapsed = (): number => performance.now();

export interface Wanted {
  readonly selector: Selector;
  /** Only this project. */
  readonly project: string | undefined;
}

export interface Gatherer {
  /** Never rejects: what cannot be read is said in the facts. */
  gather(): Promise<Facts>;
}

type Deps = Pick<CliDeps, 'stores' | 'controller' | 'now'>;

/**
 * Gathers what the view shows, again and again, from files and the process table: it needs no controller. Each look costs
 * what has changed since the one before, beside one walk through the processes.
 */
export function createGatherer(deps: Deps, places: Places, table: ProcessTable, wanted: Wanted): Gatherer {
  const lookAtStatus = watchStatus(places.state, ['Project', 'Queue'], elapsed);
  const countMail = createMailCounter(join(places.state, 'agents'), elapsed);
  const meter = createUsageMeter(table, elapsed);
  const lookAtSpecs = createSpecsLook(deps, places);
  const findController = atMostEvery(CONTROLLER_MS, elapsed, () => deps.controller.find(places));

  return {
    async gather() {
      const status = lookAtStatus();
      const [{ specs, error }, controller] = await Promise.all([
        lookAtSpecs(),
        findController().catch(() => undefined),
      ]);
      const projects = projectsOf(specs, status.objects).filter(
        ({ metadata }) =>
          (wanted.project === undefined || metadata.name === wanted.project) &&
          selects(wanted.selector, metadata.labels),
      );
      const trees = await meter.look(rootsOf(projects)).catch(() => undefined);
      const now = deps.now();
      const { agents, projects: rows } = rowsOf(projects, { usage: usageIn(trees), mail: countMail }, now);
      const shownQueues = queuesOf(specs, status.objects).filter((queue) => selects(wanted.selector, labelsOf(queue)));
      return {
        at: now,
        controller: controller?.pid,
        asOf: status.asOf,
        agents,
        projects: rows,
        queues: shownQueues.map(queueRow),
        unreadable: [...(error === '' ? [] : [error]), ...brokenText(status.broken)].join('; '),
      };
    },
  };
}

function brokenText(files: readonly string[]): string[] {
  const [first = ''] = files;
  if (files.length === 0) return [];
  return [
    files.length === 1 ? `unreadable: ${first.slice(first.lastIndexOf('/') + 1)}` : `${files.length} files unreadable`,
  ];
}

function usageIn(trees: ReadonlyMap<number, TreeUsage> | undefined) {
  return ({ pid }: AgentStatus): TreeUsage | undefined => (pid === undefined ? undefined : trees?.get(pid));
}

function rootsOf(projects: readonly ProjectObject[]): Root[] {
  return projects.flatMap(({ status }) =>
    status.agents.flatMap(({ pid, processStart }) =>
      pid === undefined || processStart === undefined ? [] : [{ pid, startTime: processStart }],
    ),
  );
}

function projectsOf(specs: SpecsView | undefined, stored: readonly StoredObject[]): ProjectObject[] {
  const written = new Map<string, Project>();
  for (const { object } of specs?.objects ?? [])
    if (object.kind === 'Project') written.set(object.metadata.name, object);
  const seen = new Map(stored.filter(({ kind }) => kind === 'Project').map((object) => [object.metadata.name, object]));
  return [...new Set([...written.keys(), ...seen.keys()])].map((name) =>
    mergeProject(name, { spec: written.get(name), stored: seen.get(name) }),
  );
}

function queuesOf(specs: SpecsView | undefined, stored: readonly StoredObject[]): QueueObject[] {
  const status = new Map(
    stored.filter(({ kind }) => kind === 'Queue').map((object) => [object.metadata.name, object.status]),
  );
  return (specs?.objects ?? []).flatMap(({ object }): QueueObject[] => {
    if (object.kind !== 'Queue') return [];
    const own = status.get(object.metadata.name) as unknown as QueueObject['status'];
    return [{ ...object, ...(own !== undefined && { status: own }) }];
  });
}

interface SpecsLook {
  readonly specs: SpecsView | undefined;
  readonly error: string;
}

/**
 * Specs cost the most to read, and change the least: they are read where the folder itself, or what the controller took
 * of it, tells of a change. Only the first time somebody waits for them.
 */
function createSpecsLook({ stores }: Pick<Deps, 'stores'>, places: Places): () => Promise<SpecsLook> {
  const hints = [
    places.specs,
    ...['project', 'queue'].map((kind) => join(places.state, 'applied', kind)),
    join(places.state, 'sources'),
  ];
  let last: SpecsLook | undefined;
  let reading: Promise<SpecsLook> | undefined;
  let stamp = '';
  let readAt = 0;

  async function read(): Promise<SpecsLook> {
    try {
      last = { specs: await stores.specs(places), error: '' };
    } catch (error) {
      last = { specs: last?.specs, error: `specs: ${error instanceof Error ? error.message : String(error)}` };
    } finally {
      reading = undefined;
    }
    return last;
  }

  return async () => {
    const seen = hints.map(timeOf).join();
    if ((seen !== stamp || elapsed() - readAt >= SPECS_MS) && reading === undefined) {
      stamp = seen;
      readAt = elapsed();
      reading = read();
    }
    return last ?? (await reading) ?? { specs: undefined, error: '' };
  };
}

function timeOf(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** The same answer again for a while. */
function atMostEvery<T>(ms: number, now: () => number, ask: () => Promise<T>): () => Promise<T> {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer: Promise<T> | undefined;
  return () => {
    if (answer === undefined || now() - askedAt >= ms) {
      askedAt = now();
      answer = ask();
    }
    return answer;
  };
}
