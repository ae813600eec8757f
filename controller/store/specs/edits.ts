import { isDeepStrictEqual } from 'node:util';
import type { FieldPath } from './field-path.ts';

/** One small change of a value. The path's last step is the field or the index concerned. */
export type Edit =
  | { readonly type: 'Set'; readonly path: FieldPath; readonly value: unknown }
  | { readonly type: 'Delete'; readonly path: FieldPath }
  /** Puts an item in before the one that stands at the index. */
  | { readonly type: 'Insert'; readonly path: FieldPath; readonly value: unknown };

/** The edits that, made one after the other, turn one value into the other; what is equal is not touched. Pure. */
export function editsBetween(before: unknown, after: unknown, path: FieldPath = []): Edit[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length > 0 && after.length > 0) {
    return listEdits(before, after, path);
  }
  if (isFields(before) && isFields(after) && Object.keys(after).length > 0) return fieldEdits(before, after, path);
  return [{ type: 'Set', path, value: after }];
}

function fieldEdits(before: Fields, after: Fields, path: FieldPath): Edit[] {
  const edits: Edit[] = [];
  for (const [name, value] of Object.entries(after)) {
    const at = [...path, name];
    if (Object.hasOwn(before, name)) edits.push(...editsBetween(before[name], value, at));
    else edits.push({ type: 'Set', path: at, value });
  }
  // Last, so that nothing is emptied in between.
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) edits.push({ type: 'Delete', path: [...path, name] });
  }
  return edits;
}

/** Items at both ends that are equal stay; between them, items are changed one by one, and added or taken out. */
function listEdits(before: readonly unknown[], after: readonly unknown[], path: FieldPath): Edit[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isDeepStrictEqual(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && isDeepStrictEqual(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const edits: Edit[] = [];
  const common = shorter - tail;
  for (let index = head; index < common; index++)
    edits.push(...editsBetween(before[index], after[index], [...path, index]));
  for (let index = common; index < after.length - tail; index++) {
    edits.push({ type: 'Insert', path: [...path, index], value: after[index] });
  }
  for (let index = before.length - tail - 1; index >= common; index--)
    edits.push({ type: 'Delete', path: [...path, index] });
  return edits;
}

/** The value after the edit; the one given stays as it is. */
export function withEdit(value: unknown, edit: Edit, depth = 0): unknown {
  const step = edit.path[depth];
  if (step === undefined) return edit.type === 'Delete' ? undefined : edit.value;
  const isLast = depth === edit.path.length - 1;
  if (Array.isArray(value)) {
    const index = Number(step);
    if (isLast && edit.type === 'Delete') return value.toSpliced(index, 1);
    if (isLast && edit.type === 'Insert') return value.toSpliced(index, 0, edit.value);
    return value.with(index, withEdit(value[index], edit, depth + 1));
  }
  const { [step]: old, ...others } = (value ?? {}) as Fields;
  if (isLast && edit.type === 'Delete') return others;
  return { ...(value as Fields), [step]: withEdit(old, edit, depth + 1) };
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
