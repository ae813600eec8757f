import type { Colour } from '../render/colour.ts';
import { type Fitted, filterRows, fitColumns, sortRows } from './arrange.ts';
import { columnsOf } from './columns.ts';
import type { AnyRow, Facts, View } from './facts.ts';
import { headerLines } from './header.ts';
import { HELP } from './help.ts';
import { type Model, type Notice, type ProjectVerb, targetName } from './model.ts';
import { indexOf } from './reduce.ts';
import type { Line, LogView, Scene, Size, Span } from './scene.ts';
import { cut, cutStart, fit, plain, widthOf } from './text.ts';

const HEADER = 4;
const FOOTER = 1;

/** The rows of a view as its filter, scope and order want them. */
export function rowsInView(facts: Facts, model: Model, now: number): readonly AnyRow[] {
  const columns = columnsOf(model.view);
  const all = inScope(facts, model);
  return sortRows(filterRows(all, columns, { filter: model.filter, now }), columns, model.order[model.view]);
}

function inScope({ agents, projects, queues }: Facts, { view, scope }: Model): readonly AnyRow[] {
  switch (view) {
    case 'Agents':
      return scope.project === undefined ? agents : agents.filter(({ project }) => project === scope.project);
    case 'Projects':
      return scope.queue === undefined ? projects : projects.filter(({ queue }) => queue === scope.queue);
    case 'Queues':
      return queues;
  }
}

/** Rows that a page holds: the screen less the header, the headings and the line at the bottom. */
export function pageOf({ rows }: Size, model: Pick<Model, 'mode'>): number {
  const others = model.mode.type === 'Logs' ? 1 + FOOTER : headerHeight(rows) + 1 + FOOTER;
  return Math.max(1, rows - others);
}

/** On a screen of a few lines the rows count more than their sums. */
function headerHeight(rows: number): number {
  return rows >= 12 ? HEADER : rows >= 6 ? 1 : 0;
}

/** The whole screen. */
export function drawFrame(scene: Scene, size: Size): readonly Line[] {
  const { model } = scene;
  const lines = model.mode.type === 'Logs' ? drawLog(scene, size) : drawTable(scene, size);
  const shown = lines.slice(0, Math.max(0, size.rows - FOOTER));
  while (shown.length < size.rows - FOOTER) shown.push([]);
  return [...shown, footer(scene, size.columns)].slice(-size.rows).map((line) => narrowed(line, size.columns));
}

function drawTable(scene: Scene, size: Size): Line[] {
  const { model, rows, now } = scene;
  const head = headerLines(scene).slice(0, headerHeight(size.rows));
  if (model.mode.type === 'Help') return [...head, ...HELP.map((text) => [{ text }])];
  const page = pageOf(size, model);
  const at = indexOf(model, rows);
  const from = firstRow(at, rows.length, page);
  const visible = rows.slice(from, from + page);
  const order = model.order[model.view];
  const longest = (column: Fitted['column']): number =>
    rows.reduce((most, row) => Math.max(most, widthOf(plain(column.cell(row, now)))), widthOf(column.header));
  const fitted = fitColumns(columnsOf(model.view), Math.max(1, size.columns - 2), longest);
  const headings = fitted.map(({ column, width }) => {
    const text = fit(column.header, width, column.align);
    return column.header === order.column
      ? { text, bold: true as const, colour: 'cyan' as const }
      : { text, bold: true as const };
  });
  return [
    ...head,
    [{ text: '  ' }, ...spaced(headings)],
    ...visible.map((row, index) => rowLine(row, fitted, { now, selected: from + index === at })),
    ...(rows.length === 0 ? [[{ text: `  ${emptyText(scene)}` }]] : []),
  ];
}

/** The page on which the selected row stands: pages do not move with each step. */
function firstRow(at: number, count: number, page: number): number {
  return Math.max(0, Math.min(Math.floor(at / page) * page, count - 1));
}

function emptyText({ facts, model }: Scene): string {
  if (model.filter !== '' || model.scope.project !== undefined || model.scope.queue !== undefined) {
    return 'nothing matches; Esc shows all';
  }
  const known = facts.agents.length + facts.projects.length + facts.queues.length;
  return known === 0 ? 'no projects yet' : `no ${model.view.toLowerCase()}`;
}

function rowLine(
  row: AnyRow,
  fitted: readonly Fitted[],
  { now, selected }: { readonly now: number; readonly selected: boolean },
): Line {
  const cells = fitted.map(({ column, width }) => {
    const text = fit(plain(column.cell(row, now)), width, column.align);
    const colour = column.colour?.(row);
    return colour === undefined ? { text } : { text, colour };
  });
  // The sign says it where there are no colours.
  if (!selected) return [{ text: '  ' }, ...spaced(cells)];
  const text = ['> ', ...spaced(cells).map((span) => span.text)].join('');
  return [{ text, inverse: true }];
}

function spaced(spans: readonly Span[]): Span[] {
  return spans.flatMap((span, index) => (index === 0 ? [span] : [{ text: ' ' }, span]));
}

function drawLog({ log, model: { mode } }: Scene, size: Size): Line[] {
  if (mode.type !== 'Logs') return [];
  const page = pageOf(size, { mode });
  const lines = log?.lines ?? [];
  const end = Math.max(0, lines.length - mode.up);
  const shown = lines.slice(Math.max(0, end - page), end);
  const heading = `log of ${plain(targetName(mode.target))}`;
  const where = mode.up > 0 ? `, ${mode.up} lines above the end` : ', following';
  return [
    [{ text: heading, bold: true }, { text: log?.state === 'Following' ? where : '' }],
    ...shown.map((text) => [{ text: cut(plain(text), size.columns) }]),
    ...(lines.length === 0 ? [[{ text: logText(log) }]] : []),
  ];
}

function logText(log: LogView | undefined): string {
  if (log === undefined || log.state === 'Loading') return 'loading …';
  return log.state === 'Failed' ? plain(log.message ?? 'it cannot be read') : 'nothing was printed yet';
}

const KEYS_OF: Readonly<Record<View, string>> = {
  Agents: '? help / filter < > sort Enter log a attach m send s suspend R reset q quit',
  Projects: '? help / filter < > sort Enter agents a attach m send s suspend R reset q quit',
  Queues: '? help / filter < > sort Enter projects Tab views q quit',
};

const NOTICE_COLOURS: Readonly<Record<Notice['type'], Colour>> = { Doing: 'cyan', Done: 'green', Failed: 'red' };

const QUESTIONS: Readonly<Record<ProjectVerb, (project: string) => string>> = {
  Suspend: (project) => `Suspend project ${project}? Agents end, conversations stay. y: yes, else no`,
  Resume: (project) => `Have project ${project} go on? y: yes, else no`,
  Reset: (project) => `Reset project ${project}? Agents end, conversations are forgotten. y: yes, else no`,
};

/** What is asked, or happened, or may be done. */
function footer({ model, rows }: Scene, width: number): Line {
  const { mode, notice } = model;
  switch (mode.type) {
    case 'Filter':
      return prompt('filter: ', model.filter, width);
    case 'Message':
      return prompt(`to ${plain(targetName(mode.target))}: `, mode.text, width);
    case 'Confirm':
      return [
        {
          text: QUESTIONS[mode.verb](plain(mode.target.project)),
          colour: 'red',
          bold: true,
        },
      ];
    case 'Help':
      return [{ text: 'any key goes back' }];
    case 'Logs':
      return notice === undefined
        ? [{ text: 'Esc back  Up Down PgUp PgDn scroll  End follow  a attach' }]
        : noticeLine(notice);
    case 'Table': {
      if (notice !== undefined) return noticeLine(notice);
      const { project, queue } = model.scope;
      const only = project ?? queue;
      const narrowed = [
        ...(only === undefined ? [] : [`of ${plain(only)}`]),
        ...(model.filter === '' ? [] : [`filter: ${plain(model.filter)}`]),
      ].join(', ');
      const keys = KEYS_OF[model.view];
      return narrowed === ''
        ? [{ text: keys }]
        : [{ text: `${rows.length} ${narrowed} (Esc: all)  `, colour: 'yellow' }, { text: keys }];
    }
  }
}

function noticeLine({ type, text }: Notice): Line {
  return [{ text: plain(text), colour: NOTICE_COLOURS[type] }];
}

/** The end of what is typed stays in sight, with a sign for the cursor. */
function prompt(label: string, text: string, width: number): Line {
  const shown = cut(label, Math.max(0, width - 2));
  return [{ text: shown, bold: true }, { text: `${cutStart(plain(text), Math.max(0, width - widthOf(shown) - 1))}_` }];
}

/** A line in at most so many columns. */
function narrowed(line: Line, width: number): Line {
  let room = width;
  const spans: Span[] = [];
  for (const span of line) {
    const own = widthOf(span.text);
    if (own <= room) spans.push(span);
    else spans.push({ ...span, text: cut(span.text, room) });
    room = Math.max(0, room - own);
    if (room === 0) break;
  }
  return spans;
}
