import type { LogPort, Places } from '../ports.ts';
import type { Target } from './model.ts';
import type { LogView } from './scene.ts';

/** Lines that can be scrolled back to. */
const KEPT = 2000;

/** Shows an agent's log, as `muxlet logs -f` does, until the signal. Never rejects. */
export async function followLog(
  { logs, places }: { readonly logs: LogPort; readonly places: Places },
  { uid = '' }: Target,
  signal: AbortSignal,
  show: (log: LogView) => void,
): Promise<void> {
  let lines: readonly string[] = [];
  const tell = (view: LogView): void => {
    if (!signal.aborted) show(view);
  };
  tell({ lines, state: 'Loading' });
  try {
    // No controller has seen it yet, and there is nothing to follow.
    if (uid === '') return tell({ lines, state: 'Following' });
    const log = await logs.open(places, uid);
    lines = log.lines.slice(-KEPT).map(({ text }) => text);
    tell({ lines, state: 'Following' });
    for await (const { text } of log.follow(signal)) {
      lines = [...lines.slice(-KEPT + 1), text];
      tell({ lines, state: 'Following' });
    }
  } catch (error) {
    tell({ lines, state: 'Failed', message: error instanceof Error ? error.message : String(error) });
  }
}
