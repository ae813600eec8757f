import { columnsOf } from './columns.ts';
import type { AnyRow, View } from './facts.ts';
import type { Key } from './keys.ts';
import type { Effect, Mode, Model, ProjectVerb, Target } from './model.ts';
import { targetName } from './model.ts';
import { plain } from './text.ts';

/** What was on the screen when the key was pressed. */
export interface Seen {
  /** The rows of the view, in their order, those that scrolled out of it as well. */
  readonly rows: readonly AnyRow[];
  /** Projects that stand still. */
  readonly suspended: ReadonlySet<string>;
  /** Rows that fit on the screen. */
  readonly page: number;
  /** Lines of the log that is open. */
  readonly logLines: number;
}

export interface Step {
  readonly model: Model;
  readonly effect?: Effect;
}

/** Beyond that a message is a file, and no line of a prompt. */
const MAX_TEXT = 4000;

/** What a key does. Pure: the effect is the caller's to carry out. */
export function reduce(model: Model, key: Key, seen: Seen): Step {
  if (key.type === 'Ctrl' && key.letter === 'z') return { model, effect: { type: 'Stop' } };
  if (key.type === 'Ctrl' && key.letter === 'l') return { model, effect: { type: 'Redraw' } };
  const { mode } = model;
  switch (mode.type) {
    case 'Table':
      return inTable({ ...model, notice: undefined }, key, seen);
    case 'Help':
      return isQuit(key) ? { model, effect: { type: 'Quit' } } : { model: table(model) };
    case 'Filter':
      return inFilter(model, mode, key);
    case 'Message':
      return inMessage(model, mode, key);
    case 'Confirm':
      return inConfirm(model, mode, key);
    case 'Logs':
      return inLogs(model, mode, key, seen);
  }
}

const VIEWS: readonly View[] = ['Agents', 'Projects', 'Queues'];

function table(model: Model): Model {
  return { ...model, mode: { type: 'Table' } };
}

function isQuit(key: Key): boolean {
  return key.type === 'Ctrl' && key.letter === 'c';
}

function inTable(model: Model, key: Key, seen: Seen): Step {
  if (isQuit(key)) return { model, effect: { type: 'Quit' } };
  const { rows, page } = seen;
  const at = indexOf(model, rows);
  switch (key.type) {
    case 'Up':
      return { model: select(model, rows, at - 1) };
    case 'Down':
      return { model: select(model, rows, at + 1) };
    case 'PageUp':
      return { model: select(model, rows, at - page) };
    case 'PageDown':
      return { model: select(model, rows, at + page) };
    case 'Home':
      return { model: select(model, rows, 0) };
    case 'End':
      return { model: select(model, rows, rows.length - 1) };
    case 'Tab':
      return { model: show(model, VIEWS[(VIEWS.indexOf(model.view) + key.step + VIEWS.length) % VIEWS.length]) };
    case 'Escape':
      return { model: { ...model, filter: '', scope: model.filter === '' ? {} : model.scope } };
    case 'Enter':
      return open(model, rows[at]);
    case 'Left':
      return { model: sortByNeighbour(model, -1) };
    case 'Right':
      return { model: sortByNeighbour(model, 1) };
    case 'Ctrl':
      if (key.letter === 'f') return { model: select(model, rows, at + page) };
      return { model: key.letter === 'b' ? select(model, rows, at - page) : model };
    case 'Backspace':
    case 'Paste':
      return { model };
    case 'Character':
      return character(model, key.text, { ...seen, at });
  }
}

function character(model: Model, typed: string, seen: Seen & { readonly at: number }): Step {
  const { rows, at } = seen;
  const row = rows[at];
  switch (typed) {
    case 'q':
      return { model, effect: { type: 'Quit' } };
    case 'k':
      return { model: select(model, rows, at - 1) };
    case 'j':
      return { model: select(model, rows, at + 1) };
    case 'g':
      return { model: select(model, rows, 0) };
    case 'G':
      return { model: select(model, rows, rows.length - 1) };
    case '?':
    case 'h':
      return { model: { ...model, mode: { type: 'Help' } } };
    case '/':
      return { model: { ...model, mode: { type: 'Filter', before: model.filter } } };
    case '1':
    case '2':
    case '3':
      return { model: show(model, VIEWS[Number(typed) - 1]) };
    case '<':
      return { model: sortByNeighbour(model, -1) };
    case '>':
      return { model: sortByNeighbour(model, 1) };
    case 'I':
      return { model: sortBy(model, model.order[model.view].column) };
    case 'l':
      return open(model, row);
    case 'a':
    case 'm':
    case 's':
    case 'R':
      return act(model, typed, seen);
    default: {
      const column = columnsOf(model.view).find(({ key }) => key === typed);
      return { model: column === undefined ? model : sortBy(model, column.header) };
    }
  }
}

/** What is done to an object: to the one that is selected, and to no other. */
function act(model: Model, key: 'a' | 'm' | 's' | 'R', { rows, at, suspended }: Seen & { readonly at: number }): Step {
  const row = rows[at];
  const target = row === undefined ? undefined : targetOf(row);
  if (target === undefined)
    return fail(model, row === undefined ? 'nothing is selected' : 'this is for projects and agents');
  switch (key) {
    case 'a':
      return { model, effect: { type: 'Attach', target } };
    case 'm':
      return { model: { ...model, mode: { type: 'Message', target, text: '' } } };
    case 's':
      return ask(model, suspended.has(target.project) ? 'Resume' : 'Suspend', target);
    case 'R':
      return ask(model, 'Reset', target);
  }
}

/** Rows change their places as one presses a key: the question says which project it has met. */
function ask(model: Model, verb: ProjectVerb, { project }: Target): Step {
  return { model: { ...model, mode: { type: 'Confirm', verb, target: { project } } } };
}

function targetOf(row: AnyRow): Target | undefined {
  if ('agent' in row) return { project: row.project, agent: row.agent, uid: row.uid };
  return 'phase' in row ? { project: row.name } : undefined;
}

/** An agent's log; a project's agents; a queue's projects. */
function open(model: Model, row: AnyRow | undefined): Step {
  if (row === undefined) return fail(model, 'nothing is selected');
  if ('agent' in row) {
    const target = { project: row.project, agent: row.agent, uid: row.uid };
    return { model: { ...model, mode: { type: 'Logs', target, up: 0 } }, effect: { type: 'OpenLogs', target } };
  }
  if ('phase' in row) return { model: { ...show(model, 'Agents'), scope: { project: row.name } } };
  return { model: { ...show(model, 'Projects'), scope: { queue: row.name } } };
}

function fail(model: Model, text: string): Step {
  return { model: { ...model, notice: { type: 'Failed', text } } };
}

/** Which row is selected: the one of that name, or, once it has gone, whichever stands in its place. */
export function indexOf(model: Pick<Model, 'selected' | 'index'>, rows: readonly AnyRow[]): number {
  const found = model.selected === undefined ? -1 : rows.findIndex(({ name }) => name === model.selected);
  return found >= 0 ? found : Math.max(0, Math.min(model.index, rows.length - 1));
}

function select(model: Model, rows: readonly AnyRow[], wanted: number): Model {
  const index = Math.max(0, Math.min(wanted, rows.length - 1));
  return { ...model, index, selected: rows[index]?.name };
}

function show(model: Model, view: View | undefined): Model {
  if (view === undefined || view === model.view) return model;
  return { ...model, view, filter: '', scope: {}, selected: undefined, index: 0 };
}

/** The same column again turns its order round. */
function sortBy(model: Model, header: string): Model {
  const before = model.order[model.view];
  const column = columnsOf(model.view).find((one) => one.header === header);
  const descending = before.column === header ? !before.descending : column?.descending === true;
  return { ...model, order: { ...model.order, [model.view]: { column: header, descending } } };
}

function sortByNeighbour(model: Model, step: number): Model {
  const columns = columnsOf(model.view);
  const at = columns.findIndex(({ header }) => header === model.order[model.view].column);
  const next = columns[Math.max(0, Math.min(at + step, columns.length - 1))];
  return next === undefined || next === columns[at] ? model : sortBy(model, next.header);
}

/** The rows follow while it is typed. */
function inFilter(model: Model, { before }: Extract<Mode, { type: 'Filter' }>, key: Key): Step {
  if (isQuit(key) || key.type === 'Escape') return { model: { ...table(model), filter: before } };
  if (key.type === 'Enter') return { model: table(model) };
  const filter = edited(model.filter, key);
  return { model: filter === undefined ? model : { ...model, filter } };
}

function inMessage(model: Model, mode: Extract<Mode, { type: 'Message' }>, key: Key): Step {
  if (isQuit(key) || key.type === 'Escape') return { model: table(model) };
  if (key.type !== 'Enter') {
    const text = edited(mode.text, key);
    return { model: text === undefined ? model : { ...model, mode: { ...mode, text } } };
  }
  const text = mode.text.trim();
  if (text === '') return { model: table(model) };
  return {
    model: { ...table(model), notice: { type: 'Doing', text: `sending to ${targetName(mode.target)} …` } },
    effect: { type: 'Send', target: mode.target, text },
  };
}

const WORDS: Readonly<Record<ProjectVerb, { readonly doing: string; readonly done: string }>> = {
  Suspend: { doing: 'suspending', done: 'suspended' },
  Resume: { doing: 'resuming', done: 'resumed' },
  Reset: { doing: 'resetting', done: 'reset' },
};

/** Only a y that is typed by itself means yes: one that came along with the key was typed before the question. */
function inConfirm(model: Model, { verb, target }: Extract<Mode, { type: 'Confirm' }>, key: Key): Step {
  const { doing, done } = WORDS[verb];
  if (key.type === 'Character' && key.text === 'y' && key.alone) {
    return {
      model: { ...table(model), notice: { type: 'Doing', text: `${doing} ${target.project} …` } },
      effect: { type: verb, project: target.project },
    };
  }
  return { model: { ...table(model), notice: { type: 'Done', text: `${target.project} was not ${done}` } } };
}

function inLogs(model: Model, mode: Extract<Mode, { type: 'Logs' }>, key: Key, { page, logLines }: Seen): Step {
  const scroll = (up: number): Step => ({
    model: { ...model, mode: { ...mode, up: Math.max(0, Math.min(up, logLines - 1)) } },
  });
  const letter = key.type === 'Character' ? key.text : undefined;
  if (isQuit(key) || key.type === 'Escape' || letter === 'q') {
    return { model: table(model), effect: { type: 'CloseLogs' } };
  }
  if (key.type === 'Up' || letter === 'k') return scroll(mode.up + 1);
  if (key.type === 'Down' || letter === 'j') return scroll(mode.up - 1);
  if (key.type === 'PageUp') return scroll(mode.up + page);
  if (key.type === 'PageDown' || letter === ' ') return scroll(mode.up - page);
  if (key.type === 'Home' || letter === 'g') return scroll(Number.MAX_SAFE_INTEGER);
  if (key.type === 'End' || letter === 'G') return scroll(0);
  if (letter === 'a') return { model, effect: { type: 'Attach', target: mode.target } };
  return { model };
}

/** A line of text after a key; undefined for keys that do not edit. */
function edited(text: string, key: Key): string | undefined {
  if (key.type === 'Backspace') return [...text].slice(0, -1).join('');
  if (key.type === 'Ctrl' && key.letter === 'u') return '';
  if (key.type === 'Ctrl' && key.letter === 'w') return text.replace(/\S*\s*$/, '');
  if (key.type !== 'Character' && key.type !== 'Paste') return undefined;
  return (text + plain(key.text)).slice(0, MAX_TEXT);
}
