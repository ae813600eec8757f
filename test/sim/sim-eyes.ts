/** The real eyes, over what the simulated tmux and the simulated process table answer. */
import type { AgentReport } from '../../controller/api/generated/all.ts';
import { createMarkedProcessEyes } from '../../controller/observe/marked-processes.ts';
import { LIST_ALL, listProject } from '../../controller/observe/pane-format.ts';
import { createPaneProcesses } from '../../controller/observe/pane-processes.ts';
import type { ProcessEnd, ProcessStat, ProcessTable } from '../../controller/observe/process-table.ts';
import { createTmuxEyes, type EyeServer } from '../../controller/observe/tmux-eyes.ts';
import type { ProjectEyes } from '../../controller/reconcile/project/gather.ts';
import { MARKS } from '../../controller/tmux/marks.ts';
import type { Reply } from '../../controller/tmux/reply.ts';
import { type Machine, type Place, places, type SimProcess } from './machine.ts';
import { lastPid, PIDS } from './processes.ts';

export const SERVER = 'main';

const SESSION = /^list-panes -s -t '([^']+)'/;
const FIELDS = [...LIST_ALL.matchAll(/#\{([^}]+)\}/g)].map(([, field = '']) => field);

export interface SimEyes {
  readonly project: ProjectEyes;
  readonly everything: ReturnType<typeof createTmuxEyes>['everything'];
}

export interface SimEyesOptions {
  readonly machine: Machine;
  readonly projects: readonly string[];
  /** A wait that ends with the controller: whatever was asked before a crash is never answered. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly latency: () => number;
  readonly health: Pick<ProjectEyes, 'readings' | 'health'>;
  /** A pane of the project is to be looked at once more, so many milliseconds from now. */
  readonly onSuspect: (project: string, inMs: number) => void;
}

export function createSimEyes({ machine, projects, sleep, latency, health, onSuspect }: SimEyesOptions): SimEyes {
  const now = machine.clock.elapsed;
  const filters = new Map(projects.map((project) => [listProject(project), project]));

  async function request(line: string, timeoutMs = 10_000): Promise<Reply> {
    await sleep(latency());
    const { clock } = machine;
    if (machine.deafUntil > clock.elapsed()) {
      await sleep(Math.min(timeoutMs, machine.deafUntil - clock.elapsed()));
      if (machine.deafUntil > clock.elapsed()) return { type: 'Unresponsive', error: 'no answer' };
    }
    if (machine.unknownUntil > clock.elapsed()) return { type: 'Unreachable', error: 'connecting' };
    if (!machine.up) return { type: 'Gone', error: 'no server' };
    const lines = answer(line);
    await sleep(latency());
    return { type: 'Done', lines };
  }

  function answer(line: string): string[] {
    if (line.includes('capture-pane')) return captured(line);
    const project = filters.get(line);
    const session = SESSION.exec(line)?.[1];
    return places(machine)
      .filter((place) => session === undefined || place.session.id === session)
      .filter((place) => project === undefined || isOf(place, project))
      .map((place) => `muxlet:${COLUMNS.map((read) => read(place) ?? '').join('\t')}`);
  }

  /** Facts, then what is above the screen, on it, and hidden: a marker stands between them. */
  function captured(line: string): string[] {
    const [, id] = /-t '?(%\d+)/.exec(line) ?? [];
    const [, marker = ''] = /display-message -p (muxlet-\S+)/.exec(line) ?? [];
    const found = places(machine).find(({ pane }) => pane.id === id)?.pane;
    if (found === undefined) return [];
    return [`${Number(found.dead)} 0 0 0 0 ${found.mark ?? ''}`, marker, 'the last line', marker];
  }

  const server: EyeServer = { name: SERVER, request };
  const table = processTable(machine, sleep);
  const eyes = createTmuxEyes({
    servers: () => [server],
    processes: createPaneProcesses(table, now, ({ mark }, inMs) => {
      if (mark !== undefined) onSuspect(mark.project, inMs);
    }),
    now,
    onLook: () => undefined,
  });
  const marked = createMarkedProcessEyes(table, now, () => new Set());
  return {
    everything: eyes.everything,
    project: {
      tmux: eyes.project,
      output: eyes.output,
      processes: marked.look,
      lives({ pid, startTime }) {
        const stat = table.stat(pid);
        return typeof stat !== 'string' && stat.startTime === startTime && !stat.zombie;
      },
      obstacles: async () => {
        await sleep(0);
        return [];
      },
      probes: () => [],
      ...health,
      reports: (uid) => reportsOf(machine, uid),
      words: () => [],
      redact: (_agent, lines) => Promise.resolve(lines),
    },
  };
}

/** As far as they live who said it: what others said is in the status. */
function reportsOf({ processes }: Machine, uid: string): ReadonlyMap<string, AgentReport> {
  const said = [...processes.values()].flatMap(({ launch, reportedAt }) => {
    if (launch?.uid !== uid || reportedAt === undefined) return [];
    const at = new Date(reportedAt).toISOString();
    return [[launch.agent, { type: 'done', at, run: launch.run, doneAt: at }] as const];
  });
  return new Map(said);
}

/** As the filter that is sent along says it: by the marks of the session and of the pane, or by the session's name. */
function isOf({ pane, session }: Place, project: string): boolean {
  return session.name === project || `${session.mark ?? ''} ${pane.mark ?? ''} `.includes(` ${project} `);
}

type Reader = (place: Place) => string | number | undefined;

const READERS = new Map<string, Reader>([
  ['session_id', ({ session }) => session.id],
  ['window_id', ({ window }) => window.id],
  ['pane_id', ({ pane }) => pane.id],
  ['session_windows', ({ session }) => session.windows.size],
  ['window_index', ({ index }) => index],
  ['window_panes', ({ window }) => window.panes.length],
  ['window_activity', () => 0],
  ['pane_pid', ({ pane }) => pane.pid],
  ['pane_dead', ({ pane }) => Number(pane.dead)],
  ['pane_dead_status', ({ pane }) => pane.exitCode],
  ['pane_dead_signal', ({ pane }) => pane.signal],
  [MARKS.session, ({ session }) => session.mark],
  [MARKS.window, ({ window }) => window.mark],
  [MARKS.pane, ({ pane }) => pane.mark],
  ['session_name', ({ session }) => session.name],
  ['window_name', ({ window }) => window.name],
]);

/** In the order of the format; what a tmux without the field prints is nothing. */
const COLUMNS = FIELDS.map((field): Reader => READERS.get(field) ?? (() => undefined));

/** How some processes ended is for others to know: one that gave itself another user, say. */
function isReadable({ startTime }: SimProcess): boolean {
  return Number(startTime) % 2 === 0;
}

/** 0 is what is shown to those who may not know, too. */
function endOf({ exit }: SimProcess): ProcessEnd | undefined {
  if (exit?.signal !== undefined) return { signal: exit.signal };
  return exit?.exitCode === undefined || exit.exitCode === 0 ? undefined : { exitCode: exit.exitCode };
}

function processTable(machine: Machine, sleep: (ms: number) => Promise<void>): ProcessTable {
  const stat = (process: SimProcess): ProcessStat => {
    const { pid, parent, session, zombie, startTime, program } = process;
    const ended = zombie && isReadable(process) ? endOf(process) : undefined;
    return { pid, parent, session, zombie, startTime, name: program, ...(ended !== undefined && { ended }) };
  };
  return {
    stat(pid) {
      const process = machine.processes.get(pid);
      return process === undefined ? 'Gone' : stat(process);
    },
    mark(pid) {
      const process = machine.processes.get(pid);
      if (process === undefined || process.zombie) return { type: 'Unreadable' };
      return process.env === undefined ? { type: 'Unmarked' } : { type: 'Marked', ...process.env };
    },
    async all() {
      const found = [...machine.processes.values()].map(stat);
      await sleep(1);
      return found;
    },
    // What begins elsewhere is counted too, so that it shows in time when these few numbers have been round once.
    numbering: () => ({ last: lastPid(machine), begun: machine.pids.starts * 3, end: PIDS.first + PIDS.count }),
    bearers: (numbers) =>
      numbers.flatMap((number) => {
        const process = machine.processes.get(number);
        return process === undefined ? [] : [{ number, stat: stat(process) }];
      }),
  };
}
