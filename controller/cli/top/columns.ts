import { formatDuration } from '../render/age.ts';
import type { Colour } from '../render/colour.ts';
import type { AgentRow, AnyRow, MailCounts, ProjectRow, QueueRow, Usage, View } from './facts.ts';
import type { Align } from './text.ts';

/** A column of a view. Its width lies between `min` and `max`; where there is too little room, the highest rank goes first. */
export interface Column<Row> {
  readonly header: string;
  /** The key that sorts by it. */
  readonly key?: string;
  readonly align: Align;
  readonly min: number;
  readonly max: number;
  readonly rank: number;
  /** Text as it is; what shows it makes it `plain` and fits it. */
  cell(row: Row, now: number): string;
  /** What is sorted by; undefined goes last either way. */
  value(row: Row): string | number | undefined;
  /** Numbers are best read from the largest. */
  readonly descending?: true;
  colour?(row: Row): Colour | undefined;
}

export function columnsOf(view: View): readonly Column<AnyRow>[] {
  return COLUMNS[view];
}

const text = (header: string, widths: readonly [min: number, max: number], rank: number) => ({
  header,
  align: 'Left' as const,
  min: widths[0],
  max: widths[1],
  rank,
});
const number = (header: string, width: number, rank: number) => ({
  header,
  align: 'Right' as const,
  min: width,
  max: width,
  rank,
  descending: true as const,
});

type Used = { readonly usage?: Usage };
type Mailed = { readonly mail: MailCounts };
type Committed = { readonly ahead?: number; readonly commitAt?: number };

const cpu: Column<Used> = {
  ...number('CPU%', 5, 1),
  key: 'P',
  cell: ({ usage }) => cpuText(usage?.cpu),
  value: ({ usage }) => usage?.cpu,
};
const memory: Column<Used> = {
  ...number('MEM', 5, 1),
  key: 'M',
  cell: ({ usage }) => (usage === undefined ? '-' : bytesText(usage.memory)),
  value: ({ usage }) => usage?.memory,
};
const processes: Column<Used> = {
  ...number('PROCS', 5, 11),
  cell: ({ usage }) => String(usage?.processes ?? '-'),
  value: ({ usage }) => usage?.processes,
};
/** Waiting and delivered. */
const mail: Column<Mailed> = {
  ...number('MSGS', 6, 2),
  key: 'W',
  cell: ({ mail: { waiting, delivered } }) => `${waiting}/${delivered}`,
  value: ({ mail: { waiting, delivered } }) => waiting + delivered / 1e9,
  colour: ({ mail: { waiting } }) => (waiting > 0 ? 'yellow' : undefined),
};
const commits: Column<Committed> = {
  ...number('AHEAD', 5, 3),
  key: 'C',
  cell: ({ ahead }) => String(ahead ?? '-'),
  value: ({ ahead }) => ahead,
};
const lastCommit: Column<Committed> = {
  ...number('COMMIT', 6, 6),
  key: 'L',
  cell: ({ commitAt }, now) => ageText(commitAt, now),
  value: ({ commitAt }) => commitAt,
};
const restarts: Column<{ readonly restarts: number }> = {
  ...number('RST', 3, 5),
  key: 'X',
  cell: (row) => String(row.restarts),
  value: (row) => row.restarts,
  colour: (row) => (row.restarts > 0 ? 'yellow' : undefined),
};
const name: Column<AnyRow> = {
  ...text('NAME', [14, 40], 0),
  key: 'N',
  cell: (row) => row.name,
  value: (row) => row.name,
};
const reason: Column<{ readonly reason: string }> = {
  ...text('REASON', [10, 24], 9),
  cell: (row) => row.reason,
  value: (row) => row.reason,
};
const message: Column<{ readonly message: string }> = {
  ...text('MESSAGE', [16, 200], 12),
  cell: (row) => row.message,
  value: (row) => row.message,
};

const AGENTS: readonly Column<AgentRow>[] = [
  name,
  {
    ...text('STATE', [9, 16], 0),
    key: 'S',
    cell: ({ state }) => state,
    value: ({ state }) => URGENCY.indexOf(state),
    colour: ({ state }) => STATE_COLOURS[state],
  },
  cpu,
  memory,
  mail,
  commits,
  lastCommit,
  { ...text('EVIDENCE', [10, 10], 4), key: 'E', cell: ({ evidence }) => evidence, value: ({ evidence }) => evidence },
  // How old the evidence is.
  {
    ...number('AGE', 5, 3),
    key: 'T',
    cell: ({ evidenceAt }, now) => ageText(evidenceAt, now),
    value: ({ evidenceAt }) => evidenceAt,
  },
  restarts,
  {
    ...number('UP', 5, 7),
    key: 'U',
    cell: ({ startedAt }, now) => ageText(startedAt, now),
    value: (row) => row.startedAt,
  },
  { ...text('CLASS', [8, 14], 8), cell: (row) => row.class, value: (row) => row.class },
  reason,
  { ...text('BRANCH', [10, 24], 10), cell: ({ branch }) => branch, value: ({ branch }) => branch },
  processes,
  message,
];

const PROJECTS: readonly Column<ProjectRow>[] = [
  name,
  {
    ...text('PHASE', [10, 14], 0),
    key: 'S',
    cell: ({ phase }) => phase,
    value: ({ phase }) => phase,
    colour: ({ phase }) => PHASE_COLOURS[phase],
  },
  { ...number('READY', 5, 1), cell: ({ ready, wanted }) => `${ready}/${wanted}`, value: ({ ready }) => ready },
  cpu,
  memory,
  mail,
  commits,
  lastCommit,
  restarts,
  { ...text('QUEUE', [8, 16], 4), key: 'E', cell: ({ queue }) => queue, value: ({ queue }) => queue },
  { ...number('LEFT', 6, 7), cell: ({ left }) => left, value: ({ left }) => left },
  {
    ...number('AGE', 5, 3),
    key: 'T',
    cell: ({ createdAt }, now) => ageText(createdAt, now),
    value: (row) => row.createdAt,
  },
  { ...number('TRY', 3, 10), cell: ({ attempt }) => String(attempt ?? '-'), value: ({ attempt }) => attempt },
  reason,
  processes,
  message,
];

const QUEUES: readonly Column<QueueRow>[] = [
  name,
  {
    ...text('STATE', [10, 20], 0),
    key: 'S',
    cell: ({ state }) => state,
    value: ({ state }) => state,
    colour: queueColour,
  },
  { ...number('RUNNING', 7, 1), key: 'P', cell: ({ running }) => String(running), value: ({ running }) => running },
  { ...number('MAX', 4, 1), key: 'M', cell: ({ max }) => String(max ?? '-'), value: ({ max }) => max },
  { ...number('WAITING', 7, 1), key: 'W', cell: ({ waiting }) => String(waiting), value: ({ waiting }) => waiting },
  { ...text('NEXT', [12, 40], 2), cell: ({ head }) => head, value: ({ head }) => head },
  { ...text('BREAKER', [8, 8], 3), cell: ({ breaker }) => breaker, value: ({ breaker }) => breaker },
  message,
];

const COLUMNS = { Agents: AGENTS, Projects: PROJECTS, Queues: QUEUES } as const;

/** What wants a person first. */
const URGENCY: readonly string[] = [
  'CrashLoopBackOff',
  'Stuck',
  'NeedsAuth',
  'Waiting',
  'Unknown',
  'Limited',
  'Exited',
  'Pending',
  'Starting',
  'Busy',
  'Idle',
];

const STATE_COLOURS: Readonly<Record<string, Colour>> = {
  CrashLoopBackOff: 'red',
  Stuck: 'red',
  NeedsAuth: 'red',
  Waiting: 'yellow',
  Unknown: 'yellow',
  Limited: 'yellow',
  Exited: 'yellow',
  Pending: 'cyan',
  Starting: 'cyan',
  Busy: 'green',
};

const PHASE_COLOURS: Readonly<Record<string, Colour>> = {
  Failed: 'red',
  Zombie: 'red',
  TimingOut: 'yellow',
  Recovering: 'yellow',
  Authenticating: 'yellow',
  Suspended: 'yellow',
  Terminating: 'yellow',
  Queued: 'cyan',
  Pending: 'cyan',
  Initializing: 'cyan',
  SettingUp: 'cyan',
  Running: 'green',
  Verifying: 'green',
  Completed: 'green',
};

function queueColour({ state }: QueueRow): Colour {
  return state === 'Active' ? 'green' : 'yellow';
}

function ageText(at: number | undefined, now: number): string {
  // Clocks that differ a little make nothing younger than now.
  return at === undefined ? '-' : formatDuration(Math.max(0, now - at));
}

/** `0.0`, `12.5`, `340`: percent of one core. */
export function cpuText(percent: number | undefined): string {
  if (percent === undefined) return '-';
  return percent < 99.95 ? percent.toFixed(1) : percent.toFixed(0);
}

const UNITS = ['', 'K', 'M', 'G', 'T'];

/** `512K`, `3.4M`, `1.2G`, in powers of 1024, as top(1) writes them. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : value.toFixed(0)}${UNITS[unit] ?? ''}`;
}
