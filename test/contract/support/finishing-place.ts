import { join } from 'node:path';
import type { FinishRequest } from '../../../controller/api/finish-request.ts';
import type { FinishLook } from '../../../controller/api/finishing.ts';
import { systemClock } from '../../../controller/exec/clock.ts';
import { linuxProcessTable } from '../../../controller/observe/linux-process-table.ts';
import { createMarkedProcessEyes } from '../../../controller/observe/marked-processes.ts';
import { createSecrets } from '../../../controller/observe/secrets.ts';
import { createFinishing } from '../../../controller/wiring/finishing.ts';
import { type GitPlace, makeGitPlace } from './git-place.ts';

const PASS = { argv: ['true'], timeoutMs: 10_000 } as const;

/** A repository, and what finishes work in it as a controller would. */
export interface FinishingPlace extends GitPlace {
  readonly state: string;
  readonly trees: string;
  /** A request for these agents' branches, from main, with whatever else is asked. */
  request(agents: readonly string[], more?: Partial<FinishRequest>): FinishRequest;
  /** Has a round done to its end. */
  finish(request: FinishRequest): Promise<FinishLook>;
  /** Another life of the controller. */
  controller(): ReturnType<typeof createFinishing>;
  /** Runs `work`, and ends everything. */
  close(): Promise<void>;
  readonly hints: string[];
  /** The projects whose processes were looked for. */
  readonly lookedFor: readonly string[];
}

export function makeFinishingPlace(env: Readonly<Record<string, string>> = {}): FinishingPlace {
  const place = makeGitPlace();
  const state = join(place.root, 'state');
  const trees = join(place.root, 'repo.worktrees', 'shop');
  const uid = `uid-${Math.random().toString(36).slice(2)}`;
  const hints: string[] = [];
  const all: ReturnType<typeof createFinishing>[] = [];
  const eyes = createMarkedProcessEyes(linuxProcessTable, systemClock.steady, () => new Set([process.pid]));
  const lookedFor: string[] = [];
  const marked: typeof eyes = {
    ...eyes,
    look(whose, maxAgeMs) {
      lookedFor.push(whose);
      return eyes.look(whose, maxAgeMs);
    },
  };
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const ours = { PATH: process.env['PATH'], HOME: place.root, ...env };
  const startTimeOf = (pid: number): string | undefined => {
    const stat = linuxProcessTable.stat(pid);
    return typeof stat === 'string' ? undefined : stat.startTime;
  };

  function controller(): ReturnType<typeof createFinishing> {
    const finisher = createFinishing({
      settings: { state, socket: 'test' },
      env: ours,
      world: { marked, startTimeOf },
      secrets: createSecrets(ours),
      hint: (key) => hints.push(key),
      log: silent,
    });
    all.push(finisher);
    return finisher;
  }

  const first = controller();
  let round = 0;
  return {
    ...place,
    state,
    trees,
    hints,
    lookedFor,
    controller,
    request(agents, more = {}) {
      round += 1;
      return {
        project: 'shop',
        uid,
        attempt: 1,
        round,
        repository: place.repository,
        root: trees,
        branches: agents.map((agent) => ({ agent, branch: `muxlet/shop/${agent}` })),
        into: 'muxlet/shop/integration',
        base: place.at('main'),
        integration: { onConflict: 'Hub', rounds: 3 },
        verification: undefined,
        setUp: undefined,
        directory: place.repository,
        ...more,
      };
    },
    finish: (request) => over(first, request),
    async close() {
      await Promise.all(all.map((one) => one.close()));
      place.remove();
    },
  };
}

/** Waits until a round is over. */
export async function over(
  finisher: ReturnType<typeof createFinishing>,
  request: FinishRequest,
  timeoutMs = 15_000,
): Promise<FinishLook> {
  finisher.begin(request);
  const end = Date.now() + timeoutMs;
  for (;;) {
    const look = finisher.look(request.uid);
    if (look !== undefined && look.round === request.round && look.state !== 'Running') return look;
    if (Date.now() > end) throw new Error(`the round is not over: ${JSON.stringify(look)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function verifying(...commands: readonly (readonly string[])[]): Pick<FinishRequest, 'verification'> {
  return { verification: { rounds: 3, commands: commands.map((argv) => ({ ...PASS, argv })) } };
}
