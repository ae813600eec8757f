import { hostname } from 'node:os';
import { MuxletError } from '../api/errors.ts';
import { tryLock } from '../exec/flock.ts';
import type { LockHolder } from '../store/state/holder.ts';
import { acquireLock, type Lock } from '../store/state/lock.ts';

export interface LeadOptions {
  readonly stateLock: string;
  readonly tmuxLock: string;
  readonly stateDir: string;
  readonly tmuxSocket: string;
  readonly now: () => number;
}

/** The right to act: the lock of the state directory and that of the tmux server, held together. */
export interface Lead {
  /** Whether we still hold both. Where a file was removed beneath us, it is locked anew if nobody else has it. */
  check(): Promise<boolean>;
  announce(address: string): void;
  release(): void;
}

/** @throws MuxletError MUX_LOCKED that says who holds which of the two. */
export async function takeLead(options: LeadOptions): Promise<Lead> {
  let holder: LockHolder = {
    pid: process.pid,
    host: hostname(),
    startedAt: new Date(options.now()).toISOString(),
    stateDir: options.stateDir,
    tmuxSocket: options.tmuxSocket,
  };
  const ports = { tryLock, describe: () => holder };
  const first = await acquireLock(options.stateLock, ports);
  if (first.type === 'Taken') throw lockedError(`the state directory ${options.stateDir}`, first.holder);
  const second = await acquireLock(options.tmuxLock, ports);
  if (second.type === 'Taken') {
    first.lock.release();
    throw lockedError(`the tmux server ${options.tmuxSocket}`, second.holder);
  }
  const locks: readonly Lock[] = [first.lock, second.lock];
  return {
    async check() {
      for (const lock of locks) {
        if (lock.check() === 'held') continue;
        if ((await lock.reacquire()).type === 'Taken') return false;
      }
      return true;
    },
    announce(address) {
      holder = { ...holder, address };
      for (const lock of locks) lock.update(holder);
    },
    release() {
      for (const lock of locks) lock.release();
    },
  };
}

function lockedError(what: string, holder: LockHolder | undefined): MuxletError {
  const who =
    holder === undefined
      ? 'another controller'
      : `process ${holder.pid} on ${holder.host}, since ${holder.startedAt}, with state ${holder.stateDir}` +
        (holder.address === undefined ? '' : `, at http://${holder.address}`);
  return new MuxletError('MUX_LOCKED', `${what} is held by ${who}`, {
    hint: 'end that one first, or choose another --state and --tmux-socket',
  });
}
