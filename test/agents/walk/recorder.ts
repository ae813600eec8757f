import type { AgentStatus } from '../../../controller/api/generated/all.ts';
import type { Shown, Truth } from '../trace/trace.ts';

/** Looks at a status every 20 ms and keeps what changed. */
export interface Recorder {
  readonly truths: Truth[];
  readonly shown: readonly Shown[];
  readonly stop: () => void;
}

const EVERY_MS = 20;

export function startRecorder(look: () => AgentStatus | undefined): Recorder {
  const shown: Shown[] = [];
  let last = '';
  const note = () => {
    const now = look();
    if (now === undefined) return;
    const by = `${now.evidence ?? 'nothing'}:${now.rule ?? '-'}`;
    const view = { at: Date.now(), state: now.state, reason: now.reason, by };
    const key = `${view.state} ${view.reason} ${by}`;
    if (key === last) return;
    last = key;
    shown.push(view);
  };
  const timer = setInterval(note, EVERY_MS);
  const stop = () => {
    clearInterval(timer);
    // What the last step waited for may have come since.
    note();
  };
  return { truths: [], shown, stop };
}
