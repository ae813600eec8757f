import { expect } from 'vitest';
import type { Walk } from '../walk.ts';

/** Far enough not to end within the step. */
const LIMITED_FOR_SECONDS = 2 * 3600;

interface ClassStatus {
  readonly status: { readonly limit?: { readonly until?: string } };
}

export async function limit(walk: Walk): Promise<void> {
  const before = walk.status();
  const resetsAt = Math.ceil(Date.now() / 60_000) * 60 + LIMITED_FOR_SECONDS;
  walk.queue({ type: 'failure', failure: 'usage-limited', resetsAt, retryAfter: LIMITED_FOR_SECONDS, times: 100 });
  const mark = walk.mainRequests().length;
  await walk.types('Work');
  await walk.untilState('Limited', 'UsageLimit', 30_000);
  walk.truly('Limited', 'the service refused it', walk.mainRequests()[mark]?.endedAt);
  const { stdout } = await walk.world.muxlet('get', 'agentclass', walk.walked.name, '-o', 'json');
  const { status } = JSON.parse(stdout) as ClassStatus;
  // Two minutes later than what the service said, and the program says minutes only.
  const until = Date.parse(status.limit?.until ?? '') / 1000;
  expect(Math.abs(until - (resetsAt + 120))).toBeLessThanOrEqual(60);
  await walk.staysSo('Limited', 4000);
  expect(walk.status()).toMatchObject({ run: before?.run, restarts: before?.restarts });
}
