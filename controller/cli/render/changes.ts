import { objectName } from './output.ts';

/** What a verb did to an object. */
export interface Change {
  readonly kind: string;
  readonly name: string;
  readonly verb:
    | 'created'
    | 'configured'
    | 'unchanged'
    | 'deleted'
    | 'edited'
    | 'labeled'
    | 'unlabeled'
    | 'annotated'
    | 'reset'
    | 'restarted'
    | 'suspended'
    | 'resumed';
}

export interface ChangesOptions {
  readonly dryRun?: boolean;
  /** -o name: only the names. */
  readonly namesOnly?: boolean;
}

/** `project/web configured`, a line an object, as kubectl says it. */
export function renderChanges(changes: readonly Change[], { dryRun, namesOnly }: ChangesOptions = {}): string {
  return changes
    .map(({ kind, name, verb }) => {
      const object = objectName({ kind, metadata: { name } });
      return namesOnly ? `${object}\n` : `${object} ${verb}${dryRun ? ' (dry run)' : ''}\n`;
    })
    .join('');
}
