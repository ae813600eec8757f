import { LineCounter, parseDocument } from 'yaml';

/** One entry of the former system's batch file. Paths are as they were written. */
export interface BatchEntry {
  /** Its field in the file: specs[3]. */
  readonly place: string;
  readonly specFile: string;
  readonly directory: string;
  readonly enabled: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly isNew: boolean;
}

export interface Batch {
  readonly entries: readonly BatchEntry[];
  /** How many ran at once. */
  readonly concurrency: number | undefined;
  /** Fields of batch_config that have no meaning here. */
  readonly ignored: readonly string[];
}

export interface ReadBatch {
  readonly batch: Batch;
  /** What is wrong, each with its field. */
  readonly faults: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const FIELDS = new Set(['version', 'specs', 'batch_config']);
const ENTRY_FIELDS = new Set(['spec_file', 'project_directory', 'enabled', 'tags', 'new_project']);
/** The names under which the number of projects at a time was written. */
const CONCURRENCY = ['max_concurrent_projects', 'max_concurrent', 'max_parallel', 'concurrency', 'parallel'] as const;
const LABEL_KEY = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/;

/** Reads a batch file, JSON or YAML. Pure; everything that is wrong is told at once. */
export function readBatch(text: string): ReadBatch {
  const faults: string[] = [];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  for (const { message, pos } of document.errors) {
    const { line, col } = lines.linePos(pos[0]);
    faults.push(`line ${line}, column ${col}: ${message}`);
  }
  const root: unknown = document.errors.length > 0 ? {} : document.toJS();
  if (faults.length === 0 && !isFields(root)) faults.push('it holds no fields: version, specs and batch_config');
  const file = isFields(root) ? root : {};
  for (const name of Object.keys(file).filter((field) => !FIELDS.has(field))) faults.push(`${name}: unknown field`);
  const specs = file['specs'];
  if (isFields(root) && document.errors.length === 0 && !Array.isArray(specs)) faults.push('specs: must be a list');
  const list: readonly unknown[] = Array.isArray(specs) ? specs : [];
  const entries = list.flatMap((value, index) => {
    const read = readEntry(value, `specs[${index}]`, faults);
    return read === undefined ? [] : [read];
  });
  return { batch: { entries, ...readConfig(file['batch_config'], faults) }, faults };
}

function readEntry(value: unknown, place: string, faults: string[]): BatchEntry | undefined {
  if (!isFields(value)) {
    faults.push(`${place}: must have fields, spec_file and project_directory`);
    return undefined;
  }
  for (const name of Object.keys(value).filter((field) => !ENTRY_FIELDS.has(field))) {
    faults.push(`${place}.${name}: unknown field`);
  }
  const text = (field: string): string => {
    const found = value[field];
    if (typeof found === 'string' && found !== '') return found;
    faults.push(`${place}.${field}: ${found === undefined ? 'is missing' : 'must be a path'}`);
    return '';
  };
  const flag = (field: string, otherwise: boolean): boolean => {
    const found = value[field] ?? otherwise;
    if (typeof found !== 'boolean') faults.push(`${place}.${field}: must be true or false`);
    return found === true;
  };
  return {
    place,
    specFile: text('spec_file'),
    directory: text('project_directory'),
    enabled: flag('enabled', true),
    labels: readTags(value['tags'], `${place}.tags`, faults),
    isNew: flag('new_project', false),
  };
}

/** A tag becomes a label of that name; `a=b`, `a:b` and fields become labels with values. */
function readTags(tags: unknown, place: string, faults: string[]): Readonly<Record<string, string>> {
  if (tags === undefined || tags === null) return {};
  const pairs = Array.isArray(tags)
    ? tags.map((tag) => pairOf(String(tag)))
    : isFields(tags)
      ? Object.entries(tags)
      : [];
  if (!Array.isArray(tags) && !isFields(tags)) faults.push(`${place}: must be a list`);
  const labels: Record<string, string> = {};
  for (const [index, [key, value]] of pairs.entries()) {
    const where = Array.isArray(tags) ? `${place}[${index}]` : `${place}.${key}`;
    const text = String(value);
    if (!LABEL_KEY.test(key) || !LABEL_VALUE.test(text) || text.length > 63) {
      faults.push(
        `${where}: '${text === '' ? key : `${key}=${text}`}' can be no label: letters, digits, '-', '_' and '.'`,
      );
    } else labels[key] = text;
  }
  return labels;
}

function pairOf(tag: string): readonly [string, string] {
  const [, key = tag, value = ''] = /^([^=:]+)[=:](.*)$/.exec(tag) ?? [];
  return [key.trim().replaceAll(/\s+/g, '-'), value.trim().replaceAll(/\s+/g, '-')];
}

function readConfig(config: unknown, faults: string[]): Pick<Batch, 'concurrency' | 'ignored'> {
  if (config === undefined || config === null) return { concurrency: undefined, ignored: [] };
  if (!isFields(config)) {
    faults.push('batch_config: must have fields');
    return { concurrency: undefined, ignored: [] };
  }
  const named = CONCURRENCY.find((name) => config[name] !== undefined);
  const value = named === undefined ? undefined : config[named];
  const ignored = Object.keys(config).filter((name) => name !== named);
  // `parallel: true` said no number: as many as there are.
  if (value === undefined || value === true) return { concurrency: undefined, ignored };
  if (value === false) return { concurrency: 1, ignored };
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return { concurrency: value, ignored };
  faults.push(`batch_config.${named}: must be a whole number, 1 or more`);
  return { concurrency: undefined, ignored };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
