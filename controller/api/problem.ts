/** Something wrong with what a person wrote. It never stops the rest; `muxlet get problems` shows it. */
export interface Problem {
  readonly code: ProblemCode;
  /** 'Error': the object or file is not taken. 'Warning': it is taken all the same. */
  readonly severity: 'Error' | 'Warning';
  /** Path of the file or directory, as the person named it. */
  readonly file: string;
  /** From 1; absent where the whole file is meant. */
  readonly line?: number;
  readonly column?: number;
  /** Path of the field, like spec.agents[0].name. */
  readonly field?: string;
  /** The object concerned, if it could be told. */
  readonly object?: { readonly kind: string; readonly name: string };
  readonly message: string;
  /** What would be right. */
  readonly hint?: string;
}

export const PROBLEM_CODES = {
  DirectoryMissing: 'the specs directory is missing or cannot be read',
  UnsafePermissions: 'others can write the directory or file',
  FileTooLarge: 'the file is larger than 1 MiB',
  FileUnreadable: 'the file cannot be read',
  SymlinkOutside: 'the symbolic link leads out of the directory',
  ParseError: 'the file is no valid YAML or JSON',
  AliasBomb: 'the aliases of the file expand to too much',
  InvalidDocument: 'the document is no object of a known kind',
  ReadOnlyKind: 'objects of this kind are written by the controller alone',
  InvalidField: 'a field is unknown, missing or wrong',
  DuplicateObject: 'the same object stands in two places',
  DuplicateName: 'two agents or variables bear the same name',
  SourceNotLoaded: 'nothing of a GitSource is in force yet',
  SpecVanished: 'an object stands in no spec any more, and may be in a repository that could not be looked at',
  OverlayInvalid: 'a file of state/overlays cannot be read or makes no sense',
} as const;

export type ProblemCode = keyof typeof PROBLEM_CODES;

/** `specs/web.yaml:12:5: spec.agents[0].name: message` */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const field = problem.field === undefined ? '' : `${problem.field}: `;
  const hint = problem.hint === undefined ? '' : ` (${problem.hint})`;
  return `${place}: ${field}${problem.message}${hint}`;
}
