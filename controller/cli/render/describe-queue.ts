import { stringify } from 'yaml';
import type { QueueObject } from '../object.ts';
import { formatAge } from './age.ts';
import {
  conditionColumns,
  type Description,
  eventSection,
  fields,
  identityRows,
  problemSection,
  type Row,
  section,
  type Waiting,
  WHOLE_LINES,
} from './description.ts';
import { renderTable } from './table.ts';

export function describeQueue({ metadata, spec, status }: QueueObject, about: Description): string {
  const limit = spec.maxRunning === undefined ? '' : ` of ${spec.maxRunning}`;
  const { breaker } = status ?? {};
  return [
    fields([
      ...identityRows(metadata, about),
      ['Running', `${status?.running ?? 0}${limit}`],
      ['Waiting', String(status?.waiting ?? 0)],
      ['Next', status?.head ?? '<none>'],
      ...(status?.passedSince === undefined ? [] : [['Passed Since', status.passedSince] satisfies Row]),
      ...(breaker === undefined ? [] : breakerRows(breaker, about.now)),
    ]),
    section('Spec', stringify(spec, WHOLE_LINES)),
    section('Conditions', status === undefined ? '' : renderTable(conditionColumns(about.now), status.conditions)),
    section(
      'Slots',
      (status?.admitted ?? []).length === 0 ? '' : renderTable(slotColumns(about.now), status?.admitted ?? []),
    ),
    section('Line', about.line.length === 0 ? '' : renderTable(lineColumns, about.line)),
    problemSection(about),
    eventSection(about),
  ].join('');
}

type QueueStatus = NonNullable<QueueObject['status']>;

function breakerRows({ state, failures, openedAt }: NonNullable<QueueStatus['breaker']>, now: number): readonly Row[] {
  const since = openedAt === undefined ? '' : `, opened ${formatAge(openedAt, now)} ago`;
  const failed = failures.slice(-10).map(({ project, at }) => `${project} (${formatAge(at, now)} ago)`);
  return [
    ['Breaker', `${state}${since}`],
    ['Failures', failed.length === 0 ? '<none>' : failed.join(', ')],
  ];
}

function slotColumns(now: number) {
  type Slot = QueueStatus['admitted'][number];
  return [
    { header: 'Project', cell: ({ project }: Slot) => project },
    { header: 'Since', cell: ({ since }: Slot) => formatAge(since, now) },
    { header: 'Trial', cell: ({ trial }: Slot) => (trial === true ? 'true' : '') },
  ];
}

const lineColumns = [
  { header: 'Project', cell: ({ project }: Waiting) => project },
  { header: 'Reason', cell: ({ reason }: Waiting) => reason },
  { header: 'Message', cell: ({ message }: Waiting) => message },
];
