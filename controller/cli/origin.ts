import { MuxletError } from '../api/errors.ts';
import type { Manifest } from '../api/manifest.ts';
import { placeInSource } from '../api/source-path.ts';
import { toldAddress } from '../api/told-address.ts';
import { findOrigin } from '../store/sources/find-object.ts';
import { locateObject } from '../store/specs/locate.ts';
import type { Places, SpecObject } from './ports.ts';

/** What tells people and tools where an object comes from. */
export const ORIGIN = {
  source: 'muxlet.dev/source',
  revision: 'muxlet.dev/revision',
  file: 'muxlet.dev/file',
} as const;

/**
 * A verb that writes specs/ is not to change what a repository declares: the two would contradict each other, and the
 * repository's next commit would go on without the change.
 *
 * @throws MUX_CONFLICT that names the source, the file and what to do
 */
export function refuseManaged({ state, specs }: Places, id: { readonly kind: string; readonly name: string }): void {
  const origin = findOrigin(state, id);
  if (origin?.type !== 'InForce') return;
  // Nobody follows it any more: what came from it ends, or stays until it is declared anew.
  if (locateObject(specs, 'GitSource', origin.source).length === 0) return;
  const { source, url, file, commit } = origin;
  const place = placeInSource({ name: source, path: file }, commit);
  throw new MuxletError('MUX_CONFLICT', `${id.kind} ${id.name} comes from ${place}; nothing was changed`, {
    hint:
      `change ${file} in ${toldAddress(url)}, push, and run 'muxlet reconcile gitsource ${source}'; ` +
      "'suspend', 'resume', 'restart' and 'reset' work here",
  });
}

/** The object as verbs show it. */
export function withOrigin<Object extends Manifest>({
  object,
  origin,
}: SpecObject & { readonly object: Object }): Object {
  if (origin === undefined) return withToldAddress(object);
  const annotations = {
    ...object.metadata.annotations,
    [ORIGIN.source]: `gitsource/${origin.source}`,
    ...(origin.revision !== undefined && { [ORIGIN.revision]: origin.revision }),
    [ORIGIN.file]: origin.file,
  };
  return withToldAddress({ ...object, metadata: { ...object.metadata, annotations } });
}

/** Whose repository is named by an address that holds a secret is shown the address without it. */
function withToldAddress<Object extends Manifest>(object: Object): Object {
  const name = object.kind === 'Project' ? 'repo' : 'url';
  if (object.kind !== 'Project' && object.kind !== 'GitSource') return object;
  const address = (object.spec as { readonly repo?: string; readonly url?: string })[name];
  const told = address === undefined ? undefined : toldAddress(address);
  return told === address ? object : { ...object, spec: { ...object.spec, [name]: told } };
}

/** As describe shows it in the place of a path. */
export function originText({ source, revision, file }: NonNullable<SpecObject['origin']>): string {
  return placeInSource({ name: source, path: file }, revision?.split(':').at(-1));
}
