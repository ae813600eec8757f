import { formatDuration } from '../render/age.ts';
import { bytesText, columnsOf, cpuText } from './columns.ts';
import type { AnyRow } from './facts.ts';
import type { Line, Scene, Span } from './scene.ts';
import { plain } from './text.ts';

/** Who keeps it up to date, how it stands, in four lines. */
export function headerLines({ facts, model, now }: Scene): Line[] {
  const { agents, projects, queues, controller, asOf, unreadable } = facts;
  const age = asOf === undefined ? '' : formatDuration(Math.max(0, now - asOf));
  const who: Span[] =
    controller === undefined
      ? [{ text: asOf === undefined ? 'NO CONTROLLER' : `NO CONTROLLER, data ${age} old`, colour: 'red', bold: true }]
      : [
          { text: 'controller ' },
          { text: 'up', colour: 'green' },
          { text: `, last change ${age === '' ? 'never' : `${age} ago`}` },
        ];
  const used = agents.flatMap(({ usage }) => usage ?? []);
  const cpu = used.reduce((sum, own) => sum + (own.cpu ?? 0), 0);
  const memory = used.reduce((sum, own) => sum + own.memory, 0);
  return [
    [
      { text: 'muxlet top', bold: true },
      { text: ` - ${clock(now)}  ` },
      ...who,
      ...(unreadable === '' ? [] : [{ text: `  ${plain(unreadable)}`, colour: 'red' as const }]),
      { text: `  cpu ${cpuText(cpu)}% mem ${bytesText(memory)}` },
    ],
    countLine(model.view === 'Agents', 'Agents', agents.length, {
      colours: 'state',
      states: agents.map(({ state }) => state),
    }),
    countLine(model.view === 'Projects', 'Projects', projects.length, {
      colours: 'phase',
      states: projects.map(({ phase }) => phase),
    }),
    [
      ...title(model.view === 'Queues', 'Queues', queues.length),
      ...queues.flatMap(({ name, running, max, waiting, state }): Span[] => {
        const text = `  ${plain(name)} ${running}/${max ?? '-'}${waiting > 0 ? ` +${waiting}` : ''}`;
        return state === 'Active' || state === ''
          ? [{ text }]
          : [{ text }, { text: ` ${plain(state)}`, colour: 'yellow' }];
      }),
    ],
  ];
}

function title(isOpen: boolean, name: string, count: number): Span[] {
  const text = `${name} ${count}`;
  return [{ text: `${isOpen ? '*' : ' '} ` }, isOpen ? { text, bold: true } : { text }];
}

function countLine(
  isOpen: boolean,
  name: string,
  count: number,
  { colours, states }: { readonly colours: 'state' | 'phase'; readonly states: readonly string[] },
): Line {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  const column = columnsOf(colours === 'state' ? 'Agents' : 'Projects')[1];
  const spans = [...counts]
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .flatMap(([state, number]): Span[] => {
      const colour = column?.colour?.({ [colours]: state } as unknown as AnyRow);
      return [{ text: '  ' }, { text: `${number} ${plain(state)}`, ...(colour !== undefined && { colour }) }];
    });
  return [...title(isOpen, name, count), ...spans];
}

function clock(now: number): string {
  return new Date(now).toTimeString().slice(0, 8);
}
