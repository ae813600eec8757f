import type { Stuck } from '../../api/health.ts';

/** One look at an agent's processes. Times are milliseconds since the epoch. */
export interface Sample {
  readonly at: number;
  /** The program that its first process runs. */
  readonly name: string;
  readonly cpuMs: number;
  readonly children: readonly string[];
}

/** What was seen of one run so far. */
export interface VitalSigns {
  /** The last time that anything of it moved, or that it was first looked at. */
  readonly movedAt: number;
  readonly sample?: Sample;
  /** Looks in a row that found the same thing wrong. */
  readonly agreed: number;
  readonly wrong?: Stuck['reason'];
}

export interface Expectation {
  /** Milliseconds without a sign of life after which it is hung; undefined if it need not be working. */
  readonly hungAfterMs?: number;
  /** Names of shells, none of which its process should have become. */
  readonly shells: readonly string[];
  /** Milliseconds that a shell has to be quiet, so that nobody is at it. */
  readonly shellAfterMs: number;
}

/** Less than this part of a processor is what a program takes that only waits: timers, collecting garbage. */
const IDLE_SHARE = 0.01;
const AGREEING = 2;

export function firstSigns(at: number): VitalSigns {
  return { movedAt: at, agreed: 0 };
}

/** It printed something, or said something of itself. */
export function moved(signs: VitalSigns, at: number): VitalSigns {
  return at <= signs.movedAt ? signs : { ...signs, movedAt: at, agreed: 0 };
}

/** Takes in a look at its processes. */
export function examine(signs: VitalSigns, sample: Sample, expected: Expectation): VitalSigns {
  const { wrong: before, ...rest } = signs;
  const worked = isShellAlone(sample, expected) ? false : works(signs.sample, sample);
  const movedAt = worked ? sample.at : signs.movedAt;
  const wrong = wrongBy(sample, sample.at - movedAt, expected);
  const agreed = wrong === undefined ? 0 : wrong === before ? signs.agreed + 1 : 1;
  return { ...rest, movedAt, sample, agreed, ...(wrong !== undefined && { wrong }) };
}

/** What is wrong with it, once two looks agreed. */
export function stuckBy({ wrong, agreed, movedAt, sample }: VitalSigns): Stuck | undefined {
  if (wrong === undefined || agreed < AGREEING || sample === undefined) return undefined;
  const quiet = Math.round((sample.at - movedAt) / 1000);
  switch (wrong) {
    case 'Hung': {
      const message = `no output, no processor time, no children and no record for ${quiet} s`;
      return { reason: wrong, since: movedAt, message };
    }
    case 'ShellWithoutAgent': {
      const message = `its process is ${sample.name}, a shell, with nothing running in it, quiet for ${quiet} s`;
      return { reason: wrong, since: movedAt, message };
    }
  }
}

/** A child is a sign of life whatever it does: a build may be quiet for hours. */
function works(before: Sample | undefined, { at, cpuMs, children }: Sample): boolean {
  if (children.length > 0) return true;
  return before !== undefined && cpuMs - before.cpuMs > (at - before.at) * IDLE_SHARE;
}

function wrongBy(sample: Sample, quietMs: number, expected: Expectation): Stuck['reason'] | undefined {
  if (isShellAlone(sample, expected) && quietMs >= expected.shellAfterMs) return 'ShellWithoutAgent';
  const { hungAfterMs } = expected;
  return hungAfterMs !== undefined && quietMs >= hungAfterMs ? 'Hung' : undefined;
}

/** A wrapper, a test command or a shell in the shell: what is not a shell below it is the agent at work. */
function isShellAlone({ name, children }: Sample, { shells }: Expectation): boolean {
  const isShell = (program: string): boolean => shells.includes(plain(program));
  return isShell(name) && children.every(isShell);
}

/** `-bash`, `/bin/bash` and `bash` are the same program. */
export function plain(program: string): string {
  return (program.split('/').at(-1) ?? '').replace(/^-/, '');
}
