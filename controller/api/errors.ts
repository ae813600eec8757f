/** Every error that muxlet raises on purpose: a stable code, a message with the place, and what to do about it. */
export const ERROR_CODES = {
  MUX_USAGE: 'the command line is wrong',
  MUX_LOCKED: 'another controller holds the state directory or the tmux server',
  MUX_LOCK_TIMEOUT: 'a lock could not be had in time',
  MUX_LOCK_LOST: 'the controller lost its lock',
  MUX_LOCK_UNSUPPORTED: 'this system offers no way to lock an open file',
  MUX_TMUX_MISSING: 'tmux is not installed or too old',
  MUX_TMUX_UNREACHABLE: 'the tmux server does not answer or may not be used',
  MUX_COMMAND_FAILED: 'a program failed',
  MUX_SPEC_INVALID: 'a spec is invalid',
  MUX_NOT_FOUND: 'there is no such object',
  MUX_CONFLICT: 'the object exists already or is managed elsewhere',
  MUX_STATE_UNWRITABLE: 'the state directory cannot be written',
  MUX_SECRET_UNREADABLE: 'a value that valueFrom names cannot be read',
  MUX_PREFLIGHT: 'the machine lacks what the controller needs',
  MUX_NO_TERMINAL: 'what was asked for needs a terminal',
  MUX_TEMPLATE: 'a template cannot be rendered',
  MUX_FILE_UNMERGEABLE: 'a file that a class changes cannot be merged',
  MUX_TIMEOUT: 'what was waited for did not happen in time',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export class MuxletError extends Error {
  readonly code: ErrorCode;
  /** What a person can do about it. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { readonly hint?: string; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'MuxletError';
    this.code = code;
    this.hint = options.hint;
  }
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof MuxletError && error.code === code;
}

/** For a log: where it came from, as far as it says. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
