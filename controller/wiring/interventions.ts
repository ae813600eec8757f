import { OVERLAY, type Overlay } from '../api/admission.ts';
import type { Key } from '../api/key.ts';
import type { MetricsHooks } from '../metrics/hooks.ts';

export interface InterventionsOptions {
  readonly overlay: (key: Key, uid: string | undefined) => Overlay;
  readonly onIntervention: MetricsHooks['peopleHooks']['onIntervention'];
}

export interface Interventions {
  seen(key: Key, uid: string): void;
  /** The object is gone; gives whether by a reset. */
  forgotten(key: Key, uid: string): boolean;
}

/**
 * Counts what people ask for by hand, from what `muxlet reset` and `muxlet restart` leave for the controller. A restart
 * names the runs that are to end, so that each counts once, however often it is looked at.
 */
export function createInterventions({ overlay, onIntervention }: InterventionsOptions): Interventions {
  /** The restart that was last seen asked of each object. */
  const asked = new Map<string, string | undefined>();

  return {
    seen(key, uid) {
      const now = overlay(key, uid)[OVERLAY.restart];
      const isKnown = asked.has(uid);
      const before = asked.get(uid);
      if (isKnown && before === now) return;
      asked.set(uid, now);
      // What stood there before the controller was started may have been counted by the one before it.
      if (!isKnown) return;
      const known = runsOf(before);
      for (const [agent, run] of Object.entries(runsOf(now))) if (known[agent] !== run) onIntervention('restart');
    },
    forgotten(key, uid) {
      asked.delete(uid);
      const isReset = overlay(key, uid)[OVERLAY.reset] === uid;
      if (isReset) onIntervention('reset');
      return isReset;
    },
  };
}

/** Checked where it was read. */
function runsOf(text: string | undefined): Readonly<Record<string, string>> {
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
}
