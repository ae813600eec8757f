import { stringify } from 'yaml';
import { MuxletError } from '../../api/errors.ts';
import { findKind } from '../../api/kinds.ts';
import { evaluateTemplate } from '../jsonpath/evaluate.ts';
import { parseTemplate } from '../jsonpath/parse-template.ts';
import type { TemplateNode } from '../jsonpath/syntax.ts';
import type { ApiObject } from '../object.ts';

/** What -o asks for. */
export type OutputFormat =
  | { readonly type: 'Table'; readonly wide: boolean }
  | { readonly type: 'Json' }
  | { readonly type: 'Yaml' }
  | { readonly type: 'Name' }
  | { readonly type: 'JsonPath'; readonly template: readonly TemplateNode[] };

const JSONPATH = 'jsonpath=';

/** @throws MUX_USAGE for anything but wide, json, yaml, name and jsonpath=TEMPLATE */
export function parseOutput(text: string | undefined): OutputFormat {
  if (text === undefined || text === '') return { type: 'Table', wide: false };
  if (text.startsWith(JSONPATH)) return { type: 'JsonPath', template: parseTemplate(text.slice(JSONPATH.length)) };
  switch (text) {
    case 'wide':
      return { type: 'Table', wide: true };
    case 'json':
      return { type: 'Json' };
    case 'yaml':
      return { type: 'Yaml' };
    case 'name':
      return { type: 'Name' };
  }
  throw new MuxletError('MUX_USAGE', `unable to match a printer suitable for the output format "${text}"`, {
    hint: 'one of wide, json, yaml, name, jsonpath=TEMPLATE',
  });
}

export type ObjectFormat = Exclude<OutputFormat, { readonly type: 'Table' }>;

/** Prints one object by itself, and any other number of them as a List. */
export function renderObjects(objects: readonly ApiObject[], format: ObjectFormat, single: boolean): string {
  if (format.type === 'Name') return objects.map((object) => `${objectName(object)}\n`).join('');
  const [first] = objects;
  return renderValue(single && first !== undefined ? first : listOf(objects), format);
}

export function renderValue(value: unknown, format: Exclude<ObjectFormat, { readonly type: 'Name' }>): string {
  switch (format.type) {
    case 'Json':
      return `${JSON.stringify(value, null, 4)}\n`;
    case 'Yaml':
      return stringify(value, { lineWidth: 0 });
    case 'JsonPath':
      // No line break of our own, as in kubectl: the template says where lines end.
      return evaluateTemplate(format.template, value);
  }
}

function listOf(items: readonly ApiObject[]): unknown {
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
}

/** `project/web` */
export function objectName({
  kind,
  metadata,
}: {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}): string {
  return `${findKind(kind)?.singular ?? kind.toLowerCase()}/${metadata.name}`;
}
