import { stringify } from 'yaml';
import type { GitSourceObject } from '../object.ts';
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
  WHOLE_LINES,
} from './description.ts';
import { renderTable } from './table.ts';

export function describeGitSource({ metadata, spec, status }: GitSourceObject, about: Description): string {
  return [
    fields([
      ...identityRows(metadata, about),
      ['Revision', status?.revision ?? '<none>'],
      ...(status === undefined ? [] : statusRows(status, about.now)),
    ]),
    section('Spec', stringify(spec, WHOLE_LINES)),
    section('Conditions', status === undefined ? '' : renderTable(conditionColumns(about.now), status.conditions)),
    section('Objects', tableOf(status?.objects)),
    ...((status?.kept ?? []).length === 0 ? [] : [section('Kept', tableOf(status?.kept))]),
    problemSection(about),
    eventSection(about),
  ].join('');
}

type Status = NonNullable<GitSourceObject['status']>;

function statusRows(status: Status, now: number): readonly Row[] {
  const { takenAt, signer, attemptedRevision, lookedAt, nextLookAt, failures, lastHandledReconcileAt } = status;
  const ago = (at: string) => `${at} (${formatAge(at, now)} ago)`;
  return [
    ...(takenAt === undefined ? [] : [['In Force Since', ago(takenAt)] satisfies Row]),
    ...(signer === undefined ? [] : [['Signed By', signer] satisfies Row]),
    ...(attemptedRevision === undefined ? [] : [['Not Taken', attemptedRevision] satisfies Row]),
    ...(lookedAt === undefined ? [] : [['Looked At', ago(lookedAt)] satisfies Row]),
    ...(nextLookAt === undefined ? [] : [['Next Look', nextLookAt] satisfies Row]),
    ...(failures === 0 ? [] : [['Failures', `${failures} in a row`] satisfies Row]),
    ...(lastHandledReconcileAt === undefined ? [] : [['Last Request', lastHandledReconcileAt] satisfies Row]),
  ];
}

function tableOf(objects: Status['objects'] = []): string {
  type Each = Status['objects'][number];
  if (objects.length === 0) return '';
  return renderTable(
    [
      { header: 'Kind', cell: ({ kind }: Each) => kind },
      { header: 'Name', cell: ({ name }: Each) => name },
      { header: 'File', cell: ({ file }: Each) => file },
    ],
    objects,
  );
}
