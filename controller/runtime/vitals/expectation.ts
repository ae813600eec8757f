import type { AgentReading } from '../../api/agent-reading.ts';
import type { DesiredAgent } from '../../api/desired.ts';
import { type Expectation, plain } from './vitals-state.ts';

const SHELLS = ['sh', 'bash', 'zsh', 'fish', 'dash', 'ksh'];
const HUNG_AFTER_S = 1800;
/** So long a shell is left to whoever may be reading what is on its screen, in milliseconds. */
const SHELL_QUIET_MS = 30_000;

/** What an agent's processes should look like, by its class; undefined where that says nothing of it. */
export function expectationOf(agent: DesiredAgent, reading: AgentReading | undefined): Expectation | undefined {
  const { health } = agent.program;
  const limitMs = (health?.hungAfterSeconds ?? HUNG_AFTER_S) * 1000;
  const shells = shellsFor(agent);
  if (health === undefined && shells.length === 0) return undefined;
  const shellAfterMs = Math.min(SHELL_QUIET_MS, limitMs);
  const watched = health !== undefined && shouldWork(agent, reading);
  return { shells, shellAfterMs, ...(watched && { hungAfterMs: limitMs }) };
}

/** An agent that can be read is expected to work only while it says that it does. */
function shouldWork({ program }: DesiredAgent, reading: AgentReading | undefined): boolean {
  return program.reading === undefined || reading?.state === 'Busy';
}

/** An agent that is a shell by itself is where it should be. */
function shellsFor({ program, argv }: DesiredAgent): readonly string[] {
  const own = plain(program.program ?? argv[0] ?? '');
  const named = program.health?.shells ?? (program.command === undefined ? [] : SHELLS);
  return named.includes(own) || SHELLS.includes(own) ? [] : named;
}

/** Milliseconds between two looks at the processes of an agent that is silent. */
export function pauseMs({ hungAfterMs, shellAfterMs }: Expectation): number {
  return Math.min(10_000, Math.max(1000, Math.min(hungAfterMs ?? shellAfterMs, shellAfterMs) / 4));
}
