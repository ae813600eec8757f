import { isAddress } from '../../api/normalise-git.ts';
import type { Problem } from '../../api/problem.ts';
import type { PlacedObject, ValidatedText } from '../specs/validate-text.ts';

/** What a file of a GitSource may not say, although a file of specs/ may. */
export function sourceRules({ objects }: ValidatedText, file: string): Problem[] {
  return objects.flatMap((placed) => [...noSource(placed, file), ...noRelativeFolders(placed, file)]);
}

function noSource({ kind, name, line, column }: PlacedObject, file: string): Problem[] {
  if (kind !== 'GitSource') return [];
  const message = 'a GitSource cannot come from a GitSource';
  const hint = 'put it into specs/ on the machine that is to follow it';
  return [{ code: 'InvalidDocument', severity: 'Error', file, line, column, object: { kind, name }, message, hint }];
}

/**
 * What was fetched is replaced with each commit: no place to work in. Files that are only read may be named by relative
 * paths all the same.
 */
function noRelativeFolders({ kind, name, line, column, object }: PlacedObject, file: string): Problem[] {
  if (object.kind !== 'Project') return [];
  const { workingDir, repo, agents } = object.spec;
  const folders: [string, string | undefined][] = [
    ['spec.workingDir', workingDir],
    ['spec.repo', repo === undefined || isAddress(repo) ? undefined : repo],
    ...agents.map((agent, index): [string, string | undefined] => [
      `spec.agents[${index}].workingDir`,
      agent.workingDir,
    ]),
  ];
  return folders
    .filter(([, folder]) => folder !== undefined && !/^[/~]/.test(folder))
    .map(([field]) => ({
      code: 'InvalidField',
      severity: 'Error',
      file,
      line,
      column,
      field,
      object: { kind, name },
      message: 'a relative path would lead into what was fetched, which is replaced with each commit',
      hint: 'write an absolute path, or one that begins with ~/',
    }));
}
