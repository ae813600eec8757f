import { runCommand } from '../exec/run-command.ts';
import { supervise } from '../exec/supervise.ts';
import { type MarkReading, type ProcessStat, type ProcessTable, readMark } from './process-table.ts';

const FRESH_MS = 1000;
const TIMEOUT_MS = 5000;

/**
 * The process table through ps(1), for systems without /proc (macOS). Each look is a fork, so one look serves for a
 * second; what is younger is 'Unknown', never 'Gone'. Not tried on macOS itself; its `ps -E` shows the environment of
 * one's own processes.
 */
export function createPsProcessTable(now: () => number): ProcessTable {
  let table = new Map<number, ProcessStat>();
  let marks = new Map<number, MarkReading>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<boolean> | undefined;

  async function refresh(): Promise<boolean> {
    const env = { PATH: '/bin:/usr/bin', LC_ALL: 'C' };
    const fields = ['-axo', 'pid=,ppid=,sess=,stat=,time=,rss=,lstart=,command='];
    const withEnvironment = process.platform === 'darwin' ? ['-E', ...fields] : ['eww', ...fields];
    const result = await runCommand('ps', withEnvironment, { timeoutMs: TIMEOUT_MS, env });
    if (!result.ok) return false;
    const lines = result.stdout.split('\n').flatMap((line) => parsePsLine(line) ?? []);
    table = new Map(lines.map(({ stat }) => [stat.pid, stat]));
    marks = new Map(lines.map(({ stat, mark }) => [stat.pid, mark]));
    readAt = now();
    return true;
  }

  function refreshOnce(): Promise<boolean> {
    reading ??= refresh().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    stat(pid) {
      if (now() - readAt < FRESH_MS) return table.get(pid) ?? 'Unknown';
      supervise(refreshOnce());
      return 'Unknown';
    },
    mark: (pid) => marks.get(pid) ?? { type: 'Unreadable' },
    async all() {
      return (await refreshOnce()) ? [...table.values()] : undefined;
    },
  };
}

const LINE = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+([\d:.-]+)\s+(\d+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/;

/** A line of `ps -axo pid=,ppid=,sess=,stat=,time=,rss=,lstart=,command=` with the environment appended to the command. */
function parsePsLine(line: string): { readonly stat: ProcessStat; readonly mark: MarkReading } | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [, pid, parent, session, state = '', time = '', kilobytes, startTime = '', command = ''] = match;
  const words = command.split(' ');
  return {
    stat: {
      pid: Number(pid),
      parent: Number(parent),
      session: Number(session) || 0,
      zombie: state.startsWith('Z'),
      startTime,
      name: words[0] ?? '',
      cpuMs: cpuMsOf(time),
      residentBytes: Number(kilobytes) * 1024,
    },
    mark: readMark(words),
  };
}

/** `[[days-]hours:]minutes:seconds[.hundredths]` */
function cpuMsOf(time: string): number {
  const [days, clock = ''] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}
