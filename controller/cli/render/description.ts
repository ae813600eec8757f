/** The parts that every description is made of. */
import type { Event } from '../../api/generated/all.ts';
import { formatProblem } from '../../api/problem.ts';
import type { ApiObject, ProblemObject, ProjectObject } from '../object.ts';
import { formatAge } from './age.ts';
import { lastSeen } from './columns.ts';
import { alignRows, renderTable } from './table.ts';

export interface Description {
  readonly object: ApiObject;
  readonly file: string | undefined;
  readonly events: readonly Event[];
  readonly problems: readonly ProblemObject[];
  /** Of a queue: the first of those who wait, as they last said. */
  readonly line: readonly Waiting[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Waiting {
  readonly project: string;
  readonly reason: string;
  readonly message: string;
}

export type Row = readonly [label: string, value: string];

export const WHOLE_LINES = { lineWidth: 0 } as const;

export function conditionColumns(now: number) {
  type Condition = ProjectObject['status']['conditions'][number];
  return [
    { header: 'Type', cell: ({ type }: Condition) => type },
    { header: 'Status', cell: ({ status }: Condition) => status },
    { header: 'Reason', cell: ({ reason }: Condition) => reason },
    { header: 'Since', cell: ({ lastTransitionTime }: Condition) => formatAge(lastTransitionTime, now) },
    { header: 'Message', cell: ({ message }: Condition) => message },
  ];
}

export function problemSection({ problems }: Description): string {
  return problems.length === 0 ? '' : section('Problems', problems.map((each) => `${formatProblem(each)}\n`).join(''));
}

export function eventSection({ events, now }: Description): string {
  const columns = [
    { header: 'Type', cell: ({ type }: Event) => type },
    { header: 'Reason', cell: ({ reason }: Event) => reason },
    { header: 'Age', cell: (event: Event) => lastSeen(event, now) },
    { header: 'Message', cell: ({ message }: Event) => message },
  ];
  return section('Events', events.length === 0 ? '' : renderTable(columns, events));
}

export function section(title: string, body: string): string {
  return body === '' ? `${title}:  <none>\n` : `${title}:\n${indent(body)}`;
}

export function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

export function fields(rows: readonly Row[]): string {
  return alignRows(rows.map(([label, value]) => [`${label}:`, printable(value)]));
}

/** Several pairs stand one under the other. */
export function pairs(entries: Readonly<Record<string, string>> | undefined, separator: string): string {
  const texts = Object.entries(entries ?? {}).map(([key, value]) => `${key}${separator}${value}`);
  return texts.length === 0 ? '<none>' : texts.sort().join(', ');
}

/** What is shown first of every object that a file declares. */
export function identityRows(
  { name, labels, annotations }: Named,
  { file }: Pick<Description, 'file'>,
): readonly Row[] {
  return [
    ['Name', name],
    ['Labels', pairs(labels, '=')],
    ['Annotations', pairs(annotations, ': ')],
    ['File', file ?? '<none>'],
  ];
}

interface Named {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function timestamp(text: string | undefined): string {
  return text ?? '<unknown>';
}

/** What agents print and say may hold anything; none of it reaches the person's terminal as a command. */
export function printable(line: string): string {
  return line.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
