import { stringify } from 'yaml';
import type { AlertObject } from '../object.ts';
import { formatAge } from './age.ts';
import {
  conditionColumns,
  type Description,
  eventSection,
  fields,
  identityRows,
  problemSection,
  section,
  WHOLE_LINES,
} from './description.ts';
import { renderTable } from './table.ts';

export function describeAlert({ metadata, spec, status }: AlertObject, about: Description): string {
  return [
    fields([...identityRows(metadata, about)]),
    section('Spec', stringify(spec, WHOLE_LINES)),
    section('Conditions', status === undefined ? '' : renderTable(conditionColumns(about.now), status.conditions)),
    section('Receivers', receiverTable(status, about.now)),
    ...failureSection(status, about.now),
    problemSection(about),
    eventSection(about),
  ].join('');
}

type Status = AlertObject['status'];
type Receiver = NonNullable<Status>['receivers'][number];

function receiverTable(status: Status, now: number): string {
  const receivers = status?.receivers ?? [];
  if (receivers.length === 0) return '';
  const ago = (at: string | undefined) => (at === undefined ? '' : formatAge(at, now));
  return renderTable(
    [
      { header: 'Name', cell: ({ name }: Receiver) => name },
      { header: 'Delivered', cell: ({ delivered }: Receiver) => String(delivered) },
      { header: 'Last', cell: ({ lastDelivered }: Receiver) => ago(lastDelivered) },
      { header: 'Waiting', cell: ({ waiting }: Receiver) => String(waiting) },
      { header: 'Dropped', cell: ({ dropped }: Receiver) => String(dropped) },
      { header: 'Next', cell: ({ nextTryAt }: Receiver) => nextTryAt ?? '' },
    ],
    receivers,
  );
}

/** Only where something is amiss: who cannot be reached since when, and why. */
function failureSection(status: Status, now: number): string[] {
  const failing = (status?.receivers ?? []).flatMap(({ name, lastFailure }) =>
    lastFailure === undefined ? [] : [{ name, ...lastFailure }],
  );
  if (failing.length === 0) return [];
  type Failure = (typeof failing)[number];
  const columns = [
    { header: 'Name', cell: ({ name }: Failure) => name },
    { header: 'Tries', cell: ({ tries }: Failure) => String(tries) },
    { header: 'Since', cell: ({ since }: Failure) => formatAge(since, now) },
    { header: 'Last', cell: ({ time }: Failure) => formatAge(time, now) },
    { header: 'Message', cell: ({ message }: Failure) => message },
  ];
  return [section('Failures', renderTable(columns, failing))];
}
