import type { AlertObject } from '../object.ts';
import { formatAge } from './age.ts';
import type { Column } from './table.ts';

type Receiver = NonNullable<AlertObject['status']>['receivers'][number];

export function alertColumns(now: () => number): readonly Column<AlertObject>[] {
  const ready = ({ status }: AlertObject) => status?.conditions.find(({ type }) => type === 'Ready');
  return [
    { header: 'READY', cell: (alert) => ready(alert)?.status ?? 'Unknown' },
    { header: 'REASON', cell: (alert) => ready(alert)?.reason ?? '' },
    { header: 'RECEIVERS', cell: ({ spec }) => spec.receivers.map(({ name }) => name).join(',') },
    { header: 'DELIVERED', cell: (alert) => String(sum(alert, ({ delivered }) => delivered)) },
    { header: 'WAITING', cell: (alert) => String(sum(alert, ({ waiting }) => waiting)) },
    { header: 'DROPPED', cell: (alert) => String(sum(alert, ({ dropped }) => dropped)) },
    { header: 'LAST', cell: (alert) => lastDelivered(alert, now()) },
    { header: 'MESSAGE', wide: true, cell: (alert) => ready(alert)?.message ?? '' },
  ];
}

function sum({ status }: AlertObject, figure: (receiver: Receiver) => number): number {
  return (status?.receivers ?? []).reduce((total, receiver) => total + figure(receiver), 0);
}

function lastDelivered({ status }: AlertObject, now: number): string {
  const times = (status?.receivers ?? []).flatMap(({ lastDelivered: at }) => (at === undefined ? [] : [at]));
  const last = times.sort().at(-1);
  return last === undefined ? '' : formatAge(last, now);
}
