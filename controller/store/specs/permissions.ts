import type { BigIntStats } from 'node:fs';

export interface PermissionFault {
  readonly message: string;
  /** The command that puts it right. */
  readonly remedy: (path: string) => string;
}

const OTHERS_WRITE = 0o002n;

/**
 * Why a file or directory is not to be trusted: a spec is a command line that we run, so whoever can write one can run
 * programs as us. Nothing is said where the system has no owners (Windows).
 */
export function permissionFault({ mode, uid }: BigIntStats): PermissionFault | undefined {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  if ((mode & OTHERS_WRITE) !== 0n) {
    return { message: 'everybody can write it; nothing new is taken from it', remedy: (path) => `chmod o-w ${path}` };
  }
  if (uid !== 0n && uid !== BigInt(own)) {
    return {
      message: `it belongs to another user (uid ${uid}); nothing new is taken from it`,
      remedy: (path) => `chown ${own} ${path}`,
    };
  }
  return undefined;
}
