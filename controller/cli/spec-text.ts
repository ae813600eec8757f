import { MuxletError } from '../api/errors.ts';
import type { SpecKind } from '../api/kinds.ts';
import { type Located, locateObject } from '../store/specs/locate.ts';
import type { Rewrite } from '../store/specs/rewriting.ts';
import { refuseManaged } from './origin.ts';
import type { Places } from './ports.ts';

export interface SpecId {
  readonly kind: SpecKind;
  readonly name: string;
}

/**
 * Where an object stands in the specs, valid or not; undefined if nowhere.
 *
 * @throws MUX_SPEC_INVALID if it stands in several places: nobody can tell which is meant; MUX_CONFLICT if it comes from
 * a GitSource
 */
export function locateOne(places: Places, { kind, name }: SpecId): Located | undefined {
  const [first, second] = locateObject(places.specs, kind, name);
  if (first === undefined) refuseManaged(places, { kind, name });
  if (first === undefined || second === undefined) return first;
  throw new MuxletError(
    'MUX_SPEC_INVALID',
    `${kind} ${name} stands in two places: ${placeOf(first)} and ${placeOf(second)}`,
    {
      hint: 'remove one of them',
    },
  );
}

function placeOf({ file, line, column }: Located): string {
  return `${file}:${line}:${column}`;
}

/**
 * The text of a file after a change of it; undefined where nothing is left and the file is to go.
 *
 * @throws MUX_SPEC_INVALID where the file cannot be parsed, so that nothing in it can be changed safely
 */
export function rewritten(rewrite: Rewrite, file: string): string | undefined {
  switch (rewrite.type) {
    case 'Rewritten':
      return rewrite.text;
    case 'Emptied':
      return undefined;
    case 'NotFound':
      throw new MuxletError('MUX_CONFLICT', `${file} was changed at the same time`, { hint: 'run the command again' });
    case 'Unparsable':
      throw new MuxletError('MUX_SPEC_INVALID', `${file} cannot be changed: ${rewrite.message}`, {
        hint: 'repair the file first',
      });
  }
}
