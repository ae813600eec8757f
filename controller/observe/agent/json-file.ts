import { readFile, stat } from 'node:fs/promises';

/** What a JSON file that a program keeps says. */
export interface JsonContent {
  readonly value: unknown;
  /** When the file was written last, in milliseconds since the epoch. */
  readonly changedAt: number;
}

export interface JsonFile {
  /** Undefined if it is not there. While it is being written it is as it was. Never rejects. */
  read(): Promise<JsonContent | undefined>;
}

const MAX_BYTES = 1024 * 1024;

export function openJsonFile(path: string): JsonFile {
  let known = '';
  let content: JsonContent | undefined;
  return {
    async read() {
      const facts = await stat(path).catch(() => undefined);
      if (facts === undefined || !facts.isFile()) {
        known = '';
        content = undefined;
        return undefined;
      }
      const now = `${facts.ino} ${facts.size} ${facts.mtimeMs}`;
      if (now === known || facts.size > MAX_BYTES) return content;
      const value = await parse(path);
      if (value === undefined) return content;
      known = now;
      content = { value, changedAt: facts.mtimeMs };
      return content;
    },
  };
}

async function parse(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
