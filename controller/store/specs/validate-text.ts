import { API_VERSION, findKind, KINDS, type SpecKind } from '../../api/kinds.ts';
import type { Manifest } from '../../api/manifest.ts';
import { nearestName } from '../../api/nearest-name.ts';
import type { Problem } from '../../api/problem.ts';
import { validatorOf } from '../schemas.ts';
import { badAlert } from './bad-alert.ts';
import { badClass } from './bad-class.ts';
import { badCompletion } from './bad-completion.ts';
import { badPatterns } from './bad-patterns.ts';
import { duplicateNames } from './duplicate-names.ts';
import { type FieldPath, formatFieldPath } from './field-path.ts';
import { readJsonObject } from './json-document.ts';
import { offsetAt } from './node-position.ts';
import { type FieldProblem, schemaProblems } from './schema-problems.ts';
import { parseYaml, type YamlDocument } from './yaml-documents.ts';

/** Where an object stands in its file. */
export interface ObjectPlace {
  readonly kind: SpecKind;
  readonly name: string;
  /** From 0, documents without content included. */
  readonly documentIndex: number;
  /** Index among the items, where the document is a List. */
  readonly itemIndex?: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface PlacedObject extends ObjectPlace {
  /** Valid, and without its status. */
  readonly object: Manifest;
}

export interface ValidatedText {
  /** Valid objects. Where `problems` holds an error, the file as a whole is not to be taken. */
  readonly objects: readonly PlacedObject[];
  /** Every object whose kind and name can be told, valid or not. */
  readonly places: readonly ObjectPlace[];
  /** False where the text may hold objects that could not be told apart. */
  readonly legible: boolean;
  readonly problems: readonly Problem[];
}

const MAX_PROBLEMS_PER_OBJECT = 20;

/** Parses and validates the text of a spec file; `file` is only named in problems. Never throws. */
export function validateText(text: string, file: string): ValidatedText {
  return validateJson(text, file) ?? validateYaml(text, file);
}

/** Undefined if it is not one valid object in JSON: where each thing stands, the reader of YAML alone can tell. */
function validateJson(text: string, file: string): ValidatedText | undefined {
  const value = readJsonObject(text);
  if (value === undefined || value['kind'] === 'List') return undefined;
  const around = { file, documentIndex: 0, positionOf: () => ({ line: 1, column: 1 }) };
  const { problems, place, object } = validateCandidate({ value, path: [] }, around);
  if (problems.length > 0 || place === undefined || object === undefined) return undefined;
  return { objects: [object], places: [place], legible: true, problems };
}

function validateYaml(text: string, file: string): ValidatedText {
  const yaml = parseYaml(text, file);
  const problems = [...yaml.problems];
  const objects: PlacedObject[] = [];
  const places: ObjectPlace[] = [];
  let legible = yaml.problems.length === 0;
  for (const document of yaml.documents) {
    const positionOf = (path: FieldPath, part: Part): Position => {
      const { line, col } = yaml.lines.linePos(offsetAt(document.node, path, part));
      return { line, column: col };
    };
    for (const candidate of candidatesOf(document)) {
      const result = validateCandidate(candidate, { file, documentIndex: document.index, positionOf });
      problems.push(...result.problems);
      if (result.place === undefined) legible &&= result.harmless;
      else places.push(result.place);
      if (result.object !== undefined) objects.push(result.object);
    }
  }
  return { objects, places, legible, problems };
}

interface Candidate {
  readonly value: unknown;
  readonly path: FieldPath;
}
type Part = FieldProblem['part'];
type Position = Pick<ObjectPlace, 'line' | 'column'>;
interface Surroundings {
  readonly file: string;
  readonly documentIndex: number;
  positionOf(path: FieldPath, part: Part): Position;
}
interface CandidateResult {
  readonly problems: readonly Problem[];
  readonly place?: ObjectPlace;
  readonly object?: PlacedObject;
  /** Certainly no object that runs: its kind is one that nobody writes. */
  readonly harmless: boolean;
}

/** A document is one object, or a List of them, as kubectl prints it. */
function candidatesOf(document: YamlDocument): readonly Candidate[] {
  const { value } = document;
  if (!isRecord(value) || value['kind'] !== 'List' || !Array.isArray(value['items'])) return [{ value, path: [] }];
  return value['items'].map((item: unknown, index) => ({ value: item, path: ['items', index] }));
}

function validateCandidate({ value, path }: Candidate, around: Surroundings): CandidateResult {
  const { file, documentIndex } = around;
  const position = (at: FieldPath, part: Part): Position => around.positionOf([...path, ...at], part);
  const problem = (code: Problem['code'], fault: FieldProblem, object?: Problem['object']): Problem => ({
    code,
    severity: 'Error',
    file,
    ...position(fault.path, fault.part),
    ...([...path, ...fault.path].length > 0 && { field: formatFieldPath([...path, ...fault.path]) }),
    ...(object !== undefined && { object }),
    message: fault.message,
    ...(fault.hint !== undefined && { hint: fault.hint }),
  });

  const identity = identify(value);
  if (identity.type === 'Fault') {
    return { problems: [problem(identity.code, identity.fault)], harmless: identity.code === 'ReadOnlyKind' };
  }
  const { kind, name, fields } = identity;
  const about = name === undefined ? undefined : { kind, name };
  const validate = validatorOf(kind);
  const faults = validate(fields) ? [] : schemaProblems(validate.errors ?? [], fields);
  const problems = [
    ...faults.map((fault) => problem('InvalidField', fault, about)),
    ...(faults.length > 0 || name === undefined ? [] : beyondSchema(kind, name, fields)).map((fault) =>
      problem('InvalidField', fault, about),
    ),
    ...duplicateNames(fields).map((fault) => problem('DuplicateName', fault, about)),
  ].slice(0, MAX_PROBLEMS_PER_OBJECT);
  if (name === undefined) return { problems, harmless: false };
  const item = path[1];
  const place: ObjectPlace = {
    kind,
    name,
    documentIndex,
    ...(typeof item === 'number' && { itemIndex: item }),
    ...position([], 'value'),
  };
  if (problems.length > 0) return { problems, place, harmless: false };
  return { problems, place, object: { ...place, object: fields as unknown as Manifest }, harmless: false };
}

/** What a schema cannot say, of an object that fits its own. */
function beyondSchema(kind: string, name: string, fields: Readonly<Record<string, unknown>>): FieldProblem[] {
  return [
    ...badPatterns(kind, name, fields),
    ...badClass(kind, fields),
    ...badCompletion(kind, fields),
    ...badAlert(kind, fields),
  ];
}

type Identity =
  | { readonly type: 'Fault'; readonly code: 'InvalidDocument' | 'ReadOnlyKind'; readonly fault: FieldProblem }
  | {
      readonly type: 'Object';
      readonly kind: SpecKind;
      /** Absent where the document names none. */
      readonly name: string | undefined;
      /** Less its status, which only the controller writes. */
      readonly fields: Readonly<Record<string, unknown>>;
    };

const WRITABLE = KINDS.filter(({ readOnly }) => !readOnly).map(({ kind }) => kind as string);

function identify(value: unknown): Identity {
  const fault = (code: 'InvalidDocument' | 'ReadOnlyKind', field: string | undefined, message: string, hint: string) =>
    ({
      type: 'Fault',
      code,
      fault: { path: field === undefined ? [] : [field], part: 'value', message, hint },
    }) as const;
  const shape = `write apiVersion: ${API_VERSION}, kind: ${WRITABLE.join(' or ')}, metadata and spec`;
  if (Array.isArray(value)) {
    return fault('InvalidDocument', undefined, 'the document is a list, not an object', 'use kind: List with items');
  }
  if (!isRecord(value)) return fault('InvalidDocument', undefined, 'the document is no object', shape);
  const { apiVersion, kind } = value;
  if (kind === undefined) return fault('InvalidDocument', undefined, 'kind is missing', shape);
  const known = `known kinds: ${WRITABLE.join(', ')}`;
  if (kind === 'List') return fault('InvalidDocument', 'items', 'a List needs items', 'give a list of objects');
  const info = typeof kind === 'string' ? findKind(kind) : undefined;
  if (info === undefined || info.kind !== kind) {
    const nearest = info?.kind ?? (typeof kind === 'string' ? nearestName(kind, WRITABLE) : undefined);
    const hint = nearest === undefined ? known : `did you mean ${nearest}? ${known}`;
    return fault('InvalidDocument', 'kind', `there is no kind ${JSON.stringify(kind)}`, hint);
  }
  if (info.readOnly) {
    return fault('ReadOnlyKind', 'kind', `objects of kind ${kind} are written by the controller alone`, known);
  }
  if (apiVersion !== API_VERSION) {
    const message =
      apiVersion === undefined ? 'apiVersion is missing' : `unknown apiVersion ${JSON.stringify(apiVersion)}`;
    const field = apiVersion === undefined ? undefined : 'apiVersion';
    return fault('InvalidDocument', field, message, `write apiVersion: ${API_VERSION}; ${known}`);
  }
  const { status: _, ...fields } = value;
  const metadata = value['metadata'];
  const name = isRecord(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : undefined;
  return { type: 'Object', kind: kind as SpecKind, name, fields };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
