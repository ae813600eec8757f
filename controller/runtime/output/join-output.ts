import type { PaneOutput } from '../../api/observed.ts';
import type { OutputLine } from './agent-output.ts';
import { overlap } from './overlap.ts';

/** An agent's output as one sequence: what is saved, and what stands in its terminal beyond that. */
export interface JoinedOutput {
  readonly lines: readonly OutputLine[];
  /** Lines from this position on stand on the screen and may still change. */
  readonly openFrom: number;
  readonly fullScreen: boolean;
}

export function joinOutput(saved: readonly OutputLine[], seen: PaneOutput | undefined): JoinedOutput {
  const next = (saved.at(-1)?.position ?? -1) + 1;
  if (seen === undefined) return { lines: saved, openFrom: next, fullScreen: false };
  const { run } = seen.mark;
  const texts = [...seen.settled, ...seen.screen];
  const known = saved.filter((line) => line.run === run).map(({ text }) => text);
  const place = overlap(known, texts, { settled: seen.settled.length });
  // When each line was printed only the controller knows; none of them later than the last output.
  const at = Math.max(seen.windowActivity * 1000, saved.at(-1)?.at ?? 0);
  const added = texts.slice(place).map((text, index) => ({ position: next + index, at, run, text }));
  const settled = Math.max(0, (seen.dead ? texts.length : seen.settled.length) - place);
  return { lines: [...saved, ...added], openFrom: next + settled, fullScreen: seen.fullScreen && !seen.dead };
}
