/** What was found when the program of an AgentClass and its login were looked at. Times: milliseconds since the epoch. */
export interface ClassLook {
  readonly at: number;
  /** Hash of the spec that it was looked for. */
  readonly specHash: string;
  readonly program:
    | { readonly type: 'Found'; readonly path: string }
    | { readonly type: 'Missing'; readonly name: string; readonly path: string }
    | { readonly type: 'NotAsked' };
  readonly version:
    | { readonly type: 'Known'; readonly text: string }
    | { readonly type: 'Unknown'; readonly message: string }
    | { readonly type: 'NotAsked' };
  readonly login:
    | { readonly type: 'Passed' | 'Failed' | 'Unknown'; readonly message: string }
    | { readonly type: 'NotAsked' };
  /** A fingerprint of the variable of auth.env by which it passed: another one is another login. */
  readonly credential?: string;
  /** The newest change of the class's auth.files, if one of them is there. */
  readonly filesAt?: number;
}

/** An agent of a class, as its project was last seen. */
export interface ClassMember {
  readonly project: string;
  readonly projectUid: string;
  readonly agent: string;
  readonly uid: string;
  readonly run?: string;
  readonly alive: boolean;
  /** What the project says of limits, in place of the class. */
  readonly policy?: 'resume' | 'wait' | 'own';
}

/** The annotation of a Project that takes the place of its classes' limits.policy. */
const LIMITS_ANNOTATION = 'muxlet.dev/limits';

/** Reads that annotation; what is no policy counts as none. */
export function policyOf(annotations: Readonly<Record<string, string>>): ClassMember['policy'] {
  const value = annotations[LIMITS_ANNOTATION];
  return value === 'resume' || value === 'wait' || value === 'own' ? value : undefined;
}
