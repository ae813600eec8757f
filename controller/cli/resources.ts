import { MuxletError } from '../api/errors.ts';
import { findKind, KINDS, type KindInfo } from '../api/kinds.ts';
import { nearestName } from '../api/nearest-name.ts';

/** What a person asked for: everything of some kinds, or objects by name. */
export interface ResourceQuery {
  readonly type: 'Kinds' | 'Names';
  readonly kinds: readonly KindInfo[];
  /** In the order they were named; empty for `Kinds`. */
  readonly names: readonly ResourceName[];
  /** Whether several kinds may be in the answer, so that names are shown with their kind. */
  readonly mixed: boolean;
}

export interface ResourceName {
  readonly kind: KindInfo;
  readonly name: string;
}

/** What `all` stands for, as in kubectl: what runs, not how it is configured nor what was said about it. */
const ALL = ['projects', 'agents'];

/**
 * Reads the arguments by which kubectl names objects: `TYPE`, `TYPE,TYPE`, `all`, `TYPE NAME…`, `TYPE/NAME…`.
 *
 * @throws MUX_USAGE where they make no sense
 */
export function parseResources(args: readonly string[]): ResourceQuery {
  const [first, ...names] = args;
  if (first === undefined) {
    throw new MuxletError('MUX_USAGE', 'you must specify the type of resource', {
      hint: `one of ${KINDS.map(({ plural }) => plural).join(', ')}`,
    });
  }
  if (args.some((arg) => arg.includes('/'))) return { ...parsePaths(args), type: 'Names' };
  const kinds = first.split(',').flatMap((word) => (word === 'all' ? ALL.map(kindNamed) : [kindNamed(word)]));
  const unique = [...new Set(kinds)];
  if (names.length === 0) return { type: 'Kinds', kinds: unique, names: [], mixed: unique.length > 1 };
  const wanted = unique.flatMap((kind) => [...new Set(names)].map((name) => ({ kind, name })));
  return { type: 'Names', kinds: unique, names: wanted, mixed: unique.length > 1 };
}

function parsePaths(args: readonly string[]): Omit<ResourceQuery, 'type'> {
  const names = args.map((arg) => {
    const [kind, name, ...rest] = arg.split('/');
    if (kind === undefined || kind === '' || name === undefined || name === '' || rest.length > 0) {
      throw new MuxletError('MUX_USAGE', `"${arg}" does not name an object`, {
        hint: 'either TYPE NAME… or TYPE/NAME…, not both',
      });
    }
    return { kind: kindNamed(kind), name };
  });
  const kinds = [...new Set(names.map(({ kind }) => kind))];
  return { kinds, names, mixed: kinds.length > 1 };
}

/** @throws MUX_USAGE, with the nearest name there is */
export function kindNamed(word: string): KindInfo {
  const kind = findKind(word);
  if (kind !== undefined) return kind;
  const near = nearestName(word, [
    ...KINDS.flatMap((info: KindInfo) => [info.plural, info.singular, ...info.shortNames]),
    'all',
  ]);
  throw new MuxletError('MUX_USAGE', `muxlet has no resource type "${word}"`, {
    hint: near === undefined ? "see 'muxlet api-resources'" : `did you mean "${near}"?`,
  });
}

export function notFound(kind: KindInfo, name: string, near?: string): MuxletError {
  return new MuxletError(
    'MUX_NOT_FOUND',
    `${kind.plural} "${name}" not found`,
    near === undefined ? {} : { hint: `did you mean "${near}"?` },
  );
}
