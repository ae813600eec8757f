import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks every 50 ms until the answer is something.
 * @param deadlineMs throws after that, with `what()` in the message
 */
export async function eventually<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  what: () => string | Promise<string>,
  deadlineMs = 60_000,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${await what()}`);
    await pause(50);
  }
}
