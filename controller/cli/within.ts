/** The longest that Node's timers take, in milliseconds; a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * A signal that fires after so many milliseconds, or with the other one. AbortSignal.any() does not hold on to a signal
 * of AbortSignal.timeout(): once that is collected it never fires (nodejs/node#57736), and who waits waits for ever. As
 * there, the time alone keeps no program alive.
 */
export function within(timeoutMs: number, interrupt: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const end = () => {
    clearTimeout(timer);
    interrupt.removeEventListener('abort', end);
    controller.abort();
  };
  const timer = setTimeout(end, Math.min(timeoutMs, LONGEST_MS));
  timer.unref();
  if (interrupt.aborted) end();
  else interrupt.addEventListener('abort', end);
  return controller.signal;
}
