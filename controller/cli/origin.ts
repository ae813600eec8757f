import { MuxletError } from '../api/errors.ts';
import type { Manifest } from '../api/manifest.ts';
import { placeInSource } from '../api/source-path.ts';
import { findOrigin } from '../store/sources/find-object.ts';
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
export function refuseManaged({ state }: Places, id: { readonly kind: string; readonly name: string }): void {
  const origin = findOrigin(state, id);
  if (origin?.type !== 'InForce') return;
  const { source, url, file, commit } = origin;
  const place = placeInSource({ name: source, path: file }, commit);
  throw new MuxletError('MUX_CONFLICT', `${id.kind} ${id.name} comes from ${place}; nothing was changed`, {
    hint:
      `change ${file} in ${url}, push, and run 'muxlet reconcile gitsource ${source}'; ` +
      "'suspend', 'resume', 'restart' and 'reset' work here",
  });
}

/** The object as verbs show it. */
export function withOrigin<Object extends Manifest>({
  object,
  origin,
}: SpecObject & { readonly object: Object }): Object {
  if (origin === undefined) return object;
  const annotations = {
    ...object.metadata.annotations,
    [ORIGIN.source]: `gitsource/${origin.source}`,
    ...(origin.revision !== undefined && { [ORIGIN.revision]: origin.revision }),
    [ORIGIN.file]: origin.file,
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** As describe shows it in the place of a path. */
export function originText({ source, revision, file }: NonNullable<SpecObject['origin']>): string {
  return placeInSource({ name: source, path: file }, revision?.split(':').at(-1));
}
