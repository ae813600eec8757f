import { dirname } from 'node:path';
import { codeOf } from './atomic-write.ts';
import type { OnStateProblem } from './state-problem.ts';

/** Keeps count of files that could not be written, and tells it once: a full disk befalls hundreds of files alike. */
export interface WriteFailures {
  /** Runs a write and says whether it succeeded. What it throws is told and kept count of. */
  attempt(path: string, write: () => void): boolean;
  /** The same of a write that takes its time. Never rejects. */
  attemptSoon(path: string, write: () => Promise<void>): Promise<boolean>;
}

export function createWriteFailures(
  onProblem: OnStateProblem,
  onWrite: (result: 'success' | 'error') => void = () => {},
): WriteFailures {
  /** Per folder: the files, each with its error code. */
  const folders = new Map<string, Map<string, string>>();

  function failed(path: string, error: unknown): void {
    const folder = dirname(path);
    const code = codeOf(error);
    const files = folders.get(folder) ?? new Map<string, string>();
    const isKnown = [...files.values()].includes(code);
    // First the record, then the word: who hears of it may well want to write an event, which fails likewise.
    folders.set(folder, files.set(path, code));
    if (isKnown) return;
    const message = error instanceof Error ? error.message : String(error);
    onProblem({ type: 'WriteFailed', path, code, message });
  }

  function succeeded(path: string): void {
    const folder = dirname(path);
    const files = folders.get(folder);
    if (files === undefined || !files.delete(path) || files.size > 0) return;
    folders.delete(folder);
    onProblem({ type: 'WriteHealed', folder });
  }

  function told(path: string, error: unknown): boolean {
    onWrite('error');
    failed(path, error);
    return false;
  }

  function done(path: string): boolean {
    onWrite('success');
    succeeded(path);
    return true;
  }

  return {
    attempt(path, write) {
      try {
        write();
      } catch (error) {
        return told(path, error);
      }
      return done(path);
    },
    async attemptSoon(path, write) {
      try {
        await write();
      } catch (error) {
        return told(path, error);
      }
      return done(path);
    },
  };
}
