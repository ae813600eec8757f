import type { AgentStatus } from '../../api/generated/all.ts';
import { nameOf } from '../../api/key.ts';
import { agentUid } from '../../api/metadata.ts';
import type { Addressee, AddresseePane } from '../../runtime/mailbox/ports.ts';
import type { SeenProject } from '../../runtime/project-worker.ts';

/** Where the agents of a project are to be found, by what was just seen of it; undefined: its spec says nothing. */
export function addresseesOf({ key, uid, desired, status }: SeenProject): readonly Addressee[] | undefined {
  if (desired.type !== 'Present') return undefined;
  return desired.project.agents.map(({ name, class: of, program, workingDir }) => {
    const seen = status.agents.find((agent) => agent.name === name);
    const pane = paneOf(seen);
    const { state = 'Pending', reason = state, lastExit } = seen ?? {};
    return {
      project: nameOf(key),
      projectUid: uid,
      agent: name,
      uid: agentUid(uid, name),
      class: of,
      program,
      workingDir,
      ...(pane !== undefined && { pane }),
      says: reason,
      ...(lastExit !== undefined && { lastExit }),
    };
  });
}

/** An agent that is being ended is not spoken to any more. */
function paneOf(agent: AgentStatus | undefined): AddresseePane | undefined {
  if (agent?.pane === undefined || agent.run === undefined || agent.pid === undefined) return undefined;
  if (agent.termination !== undefined) return undefined;
  const { server, session, id } = agent.pane;
  return { server, session, id, pid: agent.pid, run: agent.run };
}

const SHELLS = ['sh', 'bash', 'zsh', 'fish', 'dash', 'ksh'] as const;

/** Programs that have no business in the agent's terminal: a text that they are given is a command. */
export function shellsOf({ program }: Addressee): readonly string[] {
  return program.health?.shells ?? (program.command === undefined ? [] : SHELLS);
}
