import type { MuxletError } from '../api/errors.ts';
import { type ApiObject, labelsOf } from './object.ts';
import { notFound, type ResourceQuery } from './resources.ts';
import { type Selector, selects } from './selector.ts';
import type { View } from './view.ts';

export interface Selection {
  readonly objects: readonly ApiObject[];
  /** One error for each name that names nothing. */
  readonly missing: readonly MuxletError[];
}

/** The objects that a query means, in the order of its kinds and names. */
export function selectObjects(view: View, query: ResourceQuery, selector: Selector): Selection {
  if (query.type === 'Kinds') {
    const objects = query.kinds.flatMap(({ kind }) => view.objects(kind as ApiObject['kind']));
    return { objects: objects.filter((object) => selects(selector, labelsOf(object))), missing: [] };
  }
  const found: ApiObject[] = [];
  const missing: MuxletError[] = [];
  for (const { kind, name } of query.names) {
    const object = view.objects(kind.kind as ApiObject['kind']).find(({ metadata }) => metadata.name === name);
    if (object === undefined) missing.push(notFound(kind, name));
    else found.push(object);
  }
  return { objects: found, missing };
}
