import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Appends one JSON line to a file that a program reads; makes the file if it is missing. Throws what the system says. */
export async function appendJsonLine(path: string, value: unknown): Promise<void> {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  const file = await open(path, O_APPEND | O_CREAT | O_WRONLY, 0o600);
  try {
    // One write: a reader never sees half of a line that fits.
    await file.write(`${JSON.stringify(value)}\n`);
  } finally {
    await file.close();
  }
}
