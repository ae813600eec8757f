import type { ClassLook } from '../../api/class-look.ts';
import type { AgentClassSpec } from '../../api/generated/all.ts';
import { hashOf } from '../../api/metadata.ts';
import type { Clock } from '../ports.ts';

export interface ClassChecksOptions {
  readonly clock: Clock;
  /** Looks for the program, asks its version and its login; never rejects, and ends soon after the signal. */
  readonly look: (spec: AgentClassSpec, signal: AbortSignal) => Promise<Omit<ClassLook, 'at' | 'specHash'>>;
  /** Told when a look at a class has ended. */
  readonly onChange: (name: string) => void;
  readonly onError: (error: unknown) => void;
}

export interface ClassChecks {
  /** The latest look at the class; begins another one if that is older than `everyMs`, or was for another spec. */
  latest(name: string, spec: AgentClassSpec, everyMs: number): ClassLook | undefined;
  forget(name: string): void;
  close(): void;
}

interface Checked {
  look?: ClassLook;
  /** The look under way, and for which spec. */
  running?: { readonly specHash: string; readonly abort: AbortController };
}

/** Looks at classes beside the workers, so that a check that hangs keeps nobody waiting. */
export function createClassChecks({ clock, look, onChange, onError }: ClassChecksOptions): ClassChecks {
  const checked = new Map<string, Checked>();

  async function check(name: string, known: Checked, spec: AgentClassSpec, specHash: string): Promise<void> {
    const abort = new AbortController();
    known.running?.abort.abort();
    known.running = { specHash, abort };
    const at = clock.now();
    try {
      const found = await look(spec, abort.signal);
      if (abort.signal.aborted) return;
      known.look = { ...found, at, specHash };
    } finally {
      if (known.running?.abort === abort) delete known.running;
    }
    onChange(name);
  }

  return {
    latest(name, spec, everyMs) {
      const known = checked.get(name) ?? {};
      checked.set(name, known);
      const specHash = hashOf(spec);
      // A clock that was set back makes a look none the younger.
      const age = known.look === undefined ? Number.POSITIVE_INFINITY : Math.abs(clock.now() - known.look.at);
      const stale = age >= everyMs || known.look?.specHash !== specHash;
      if (stale && known.running?.specHash !== specHash) check(name, known, spec, specHash).catch(onError);
      return known.look?.specHash === specHash ? known.look : undefined;
    },
    forget(name) {
      checked.get(name)?.running?.abort.abort();
      checked.delete(name);
    },
    close() {
      for (const { running } of checked.values()) running?.abort.abort();
      checked.clear();
    },
  };
}
