import type { Desired, DesiredAgent } from '../../api/desired.ts';
import type { Directory, KnownProject } from '../../api/directory.ts';
import type { Message } from '../../api/generated/all.ts';
import { keyOf, nameOf, ofKind } from '../../api/key.ts';
import type { SpecSource, StateStore } from '../../runtime/ports.ts';

/** Who there is, by the specs in force and by what is known of the objects. */
export function createDirectory(specs: SpecSource, state: Pick<StateStore, 'object'>) {
  function project(name: string): KnownProject | undefined {
    const desired = specs.desiredProject(name);
    const stored = state.object(keyOf('Project', name));
    if (desired.type === 'Absent' && (desired.confirmed || stored === undefined)) return undefined;
    const isLeaving = stored?.metadata.deletionTimestamp !== undefined;
    const uid = isLeaving ? undefined : stored?.metadata.uid;
    return { name, ...(uid !== undefined && { uid }), ...wordsOf(desired, stored) };
  }

  function wordsOf(desired: Desired, stored: ReturnType<StateStore['object']>): Omit<KnownProject, 'name' | 'uid'> {
    if (desired.type !== 'Present') {
      const agents = (stored?.status.agents ?? []).map(({ name, role }) => ({
        name,
        ...(role !== undefined && { role }),
        speaks: true,
      }));
      return { labels: stored?.metadata.labels ?? {}, agents, isSure: false };
    }
    const { agents, labels } = desired.project;
    const hub = agents.map(({ briefing }) => briefing?.hub).find((name) => name !== undefined);
    return {
      labels,
      agents: agents.map(knownAgent),
      ...(hub !== undefined && { hub }),
      isSure: desired.confirmed,
    };
  }

  return {
    project,
    /** Whom a message may mean: the project that it names, or all. */
    of({ project: name }: Message['spec']['to']): Directory {
      const absent = specs.desiredProject(name ?? '-');
      const isComplete = absent.type !== 'Absent' || absent.confirmed;
      const names = name === undefined ? ofKind('Project', specs.keys()).map(nameOf) : [name];
      return { projects: names.flatMap((one) => project(one) ?? []), isComplete };
    },
  };
}

function knownAgent({ name, briefing, program }: DesiredAgent): KnownProject['agents'][number] {
  const role = briefing?.role?.name;
  return { name, ...(role !== undefined && { role }), speaks: program.delivery !== undefined };
}
