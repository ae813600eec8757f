/**
 * Finishes work beside the loop: a round for a project at a time, a few at once on the machine. What a round is to do
 * stands in its request, and how it stands is told from memory; after a restart nothing is remembered, and a round that
 * is asked for anew is done over from the start.
 */
import { type FinishRequest, roundHash } from '../../api/finish-request.ts';
import type { FinishLook } from '../../api/finishing.ts';
import { createLimit } from '../probes/limit.ts';

export interface FinisherOptions {
  /** Works through a round and tells how it stands. Settles soon after the signal. */
  readonly run: (request: FinishRequest, round: Round) => Promise<FinishLook>;
  /** Told at each change of how a project's round stands. */
  readonly onChange: (project: string) => void;
  readonly onError: (error: unknown) => void;
}

export interface Round {
  readonly signal: AbortSignal;
  readonly tell: (look: FinishLook) => void;
  /** The project's round before, in this life of the controller. */
  readonly before: { readonly request: FinishRequest; readonly look: FinishLook } | undefined;
}

export interface Finisher {
  /** Begins a round and does not wait for it. One that is under way or over stays as it is, if it is of the same spec. */
  begin(request: FinishRequest): { readonly ok: true; readonly idle?: true };
  look(uid: string): FinishLook | undefined;
  /** Has something done once for a project, before any round of it. What fails is told, and keeps no round from its turn. */
  meet(uid: string, work: () => Promise<void>): void;
  /** Ends a round that is under way: nobody waits for it any more. How one that is over stands is still told. */
  giveUp(uid: string): void;
  /** The same, and forgets the project. */
  forget(uid: string): void;
  /** Ends everything; settles once nothing is under way. */
  close(): Promise<void>;
}

interface Job {
  readonly request: FinishRequest;
  /** See roundHash. */
  readonly asked: string;
  readonly abort: AbortController;
  readonly over: Promise<void>;
  look: FinishLook;
  /** It waits for its turn. */
  waits: boolean;
  isOver: boolean;
}

/** Rounds on this machine at the same time: tests take what processors there are. */
const AT_ONCE = 2;

export function createFinisher({ run, onChange, onError }: FinisherOptions): Finisher {
  const limit = createLimit(AT_ONCE);
  /** By the project's uid, in the order of their beginning. */
  const jobs = new Map<string, Job>();
  /** Also those that were given up: they hold their trees until they have ended. */
  const underWay = new Set<Promise<void>>();
  /** By the project's uid: what was done when it was met. */
  const met = new Map<string, Promise<void>>();
  const closing = new AbortController();

  function start(request: FinishRequest, before: Job | undefined): void {
    const { attempt, round } = request;
    const abort = new AbortController();
    const over = Promise.all([before?.over, met.get(request.uid)]).then(() => work());
    const job: Job = {
      request,
      asked: roundHash(request),
      abort,
      over,
      look: { attempt, round, state: 'Running' },
      waits: true,
      isOver: false,
    };
    jobs.delete(request.uid);
    jobs.set(request.uid, job);
    underWay.add(over);
    onChange(request.project);

    function tell(look: FinishLook): void {
      job.look = look;
      if (!abort.signal.aborted) onChange(request.project);
    }

    async function work(): Promise<void> {
      try {
        await limit(abort.signal, async () => {
          job.waits = false;
          const last = await run(request, { signal: abort.signal, tell, before });
          job.isOver = true;
          tell(last);
        });
      } catch (error) {
        onError(error);
        job.isOver = true;
        tell({ attempt, round, state: 'Failed', message: error instanceof Error ? error.message : String(error) });
      } finally {
        underWay.delete(over);
      }
    }
  }

  function end(uid: string): void {
    jobs.get(uid)?.abort.abort();
    jobs.delete(uid);
  }

  return {
    meet(uid, work) {
      if (met.has(uid)) return;
      const done = limit(closing.signal, work).catch(onError);
      met.set(uid, done);
    },
    begin(request) {
      const before = jobs.get(request.uid);
      const isSame = before?.request.attempt === request.attempt && before.request.round === request.round;
      if (isSame && before?.asked === roundHash(request)) return { ok: true, idle: true };
      before?.abort.abort();
      start(request, before);
      return { ok: true };
    },
    look(uid) {
      const job = jobs.get(uid);
      if (job === undefined) return undefined;
      const { asked } = job;
      if (!job.waits) return { ...job.look, asked };
      const all = [...jobs.values()];
      const ahead = all.slice(0, all.indexOf(job)).filter(({ isOver }) => !isOver);
      return { ...job.look, asked, message: `it waits until another project's is done; before it: ${ahead.length}` };
    },
    giveUp(uid) {
      if (jobs.get(uid)?.isOver === false) end(uid);
    },
    forget(uid) {
      end(uid);
      met.delete(uid);
    },
    async close() {
      closing.abort();
      for (const uid of jobs.keys()) end(uid);
      await Promise.allSettled(underWay);
    },
  };
}
