import { stat } from 'node:fs/promises';

/**
 * What a look at a file gives; undefined if there is nothing of the name. Whatever else kept it from being looked at is
 * thrown: that says nothing of what is there.
 */
export async function orNothing<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Whether there is something of the name. @throws what the system says of what cannot be looked at */
export async function exists(path: string): Promise<boolean> {
  return (await orNothing(stat(path))) !== undefined;
}

/** Whether there is known to be nothing of the name. What cannot be looked at may be there. Never rejects. */
export function isKnownGone(path: string): Promise<boolean> {
  return exists(path).then(
    (isThere) => !isThere,
    () => false,
  );
}
