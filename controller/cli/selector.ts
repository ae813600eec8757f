import { MuxletError } from '../api/errors.ts';

/** One clause of a label selector. As in Kubernetes, `NotIn` is also true of an object that lacks the label. */
type Requirement =
  | { readonly type: 'In' | 'NotIn'; readonly key: string; readonly values: readonly string[] }
  | { readonly type: 'Exists' | 'Absent'; readonly key: string };

export type Selector = readonly Requirement[];

const KEY = String.raw`([A-Za-z0-9](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?)`;
const VALUE = String.raw`((?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?)`;
const EQUALITY = new RegExp(`^${KEY}\\s*(==|=|!=)\\s*${VALUE}$`);
const SET = new RegExp(`^${KEY}\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EXISTS = new RegExp(`^(!?)\\s*${KEY}$`);
const SINGLE_VALUE = new RegExp(`^${VALUE}$`);

/**
 * Parses a label selector as kubectl's -l takes it: `a=b,a==b,a!=b,a in (x,y),a notin (x),a,!a`, all of which must
 * hold. An empty selector selects everything.
 *
 * @throws MUX_USAGE where it is malformed
 */
export function parseSelector(text: string): Selector {
  if (text.trim() === '') return [];
  return splitClauses(text).map((clause) => parseClause(clause.trim(), text));
}

/** Commas separate clauses, except within parentheses. */
function splitClauses(text: string): string[] {
  const clauses = [''];
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (char === ',' && depth === 0) clauses.push('');
    else clauses.push((clauses.pop() ?? '') + char);
  }
  return clauses;
}

function parseClause(clause: string, whole: string): Requirement {
  const equality = EQUALITY.exec(clause);
  if (equality) {
    const [, key = '', operator, value = ''] = equality;
    return { type: operator === '!=' ? 'NotIn' : 'In', key, values: [value] };
  }
  const set = SET.exec(clause);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    if (values.every((value) => SINGLE_VALUE.test(value))) {
      return { type: operator === 'in' ? 'In' : 'NotIn', key, values };
    }
  }
  const exists = EXISTS.exec(clause);
  if (exists) return { type: exists[1] === '!' ? 'Absent' : 'Exists', key: exists[2] ?? '' };
  throw new MuxletError('MUX_USAGE', `"${whole}" is no label selector: cannot read "${clause}"`, {
    hint: 'write it like a=b, a!=b, a in (x,y), a notin (x), a or !a, separated by commas',
  });
}

/**
 * The labels that a selector names one value each of, which is all that a Message can keep: `a=b,c=d`.
 *
 * @throws MUX_USAGE where it says something else, contradicts itself, or says nothing
 */
export function parseLabels(text: string): Readonly<Record<string, string>> {
  const labels = new Map<string, string>();
  for (const requirement of parseSelector(text)) {
    const [value, ...more] = requirement.type === 'In' ? requirement.values : [];
    const known = labels.get(requirement.key) ?? value;
    if (value === undefined || more.length > 0 || known !== value) throw noLabels(text);
    labels.set(requirement.key, value);
  }
  if (labels.size === 0) throw noLabels(text);
  return Object.fromEntries(labels);
}

function noLabels(text: string): MuxletError {
  return new MuxletError('MUX_USAGE', `"${text}" does not name labels with one value each`, { hint: 'a=b,c=d' });
}

export function selects(selector: Selector, labels: Readonly<Record<string, string>> = {}): boolean {
  return selector.every((requirement) => {
    const has = Object.hasOwn(labels, requirement.key);
    switch (requirement.type) {
      case 'Exists':
        return has;
      case 'Absent':
        return !has;
      case 'In':
        return has && requirement.values.includes(labels[requirement.key] ?? '');
      case 'NotIn':
        return !has || !requirement.values.includes(labels[requirement.key] ?? '');
    }
  });
}
