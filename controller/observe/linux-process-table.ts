import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Numbering } from './numbering.ts';
import {
  type Bearer,
  type MarkReading,
  type ProcessEnd,
  type ProcessStat,
  type ProcessTable,
  readMark,
} from './process-table.ts';

/** Processes read in one go before others get their turn; about 2 ms. */
const BATCH = 100;
/** USER_HZ is 100 wherever Linux runs. */
const TICK_MS = 10;

/** The process table as Linux shows it under /proc (proc(5)). Small synchronous reads: /proc never waits for a disk. */
export const linuxProcessTable: ProcessTable = {
  stat(pid) {
    try {
      return readStat(pid);
    } catch {
      return 'Unknown';
    }
  },
  mark(pid): MarkReading {
    try {
      const text = readFileSync(`/proc/${pid}/environ`, 'utf8');
      // A process that is just ending or being made has no environment to read.
      return text === '' ? { type: 'Unreadable' } : readMark(text.split('\0'));
    } catch {
      return { type: 'Unreadable' };
    }
  },
  async all() {
    const pids = listPids();
    if (pids === undefined) return undefined;
    return await readAll(pids, readStat);
  },
  pids: listPids,
  numbering: readNumbering,
  bearers(numbers) {
    try {
      return numbers.flatMap((number) => readBearer(number) ?? []);
    } catch {
      return undefined;
    }
  },
};

/** Undefined: nobody bears it. Throws where that cannot be told. To ask whether there is anybody costs a third of a reading. */
function readBearer(number: number): Bearer | undefined {
  if (statSync(`/proc/${number}`, { throwIfNoEntry: false }) === undefined) return undefined;
  const stat = readStat(number);
  if (stat === 'Unknown') throw new Error(`who bears number ${number} cannot be read`);
  if (stat === 'Gone') return undefined;
  return isProcess(number) ? { number, stat } : { number };
}

/**
 * All of them, less those that nobody may look at; undefined if `read` throws: who is left out is taken for gone, and a
 * look through the table serves for a minute.
 */
export async function readAll(
  pids: readonly number[],
  read: (pid: number) => ProcessStat | 'Gone' | 'Unknown',
): Promise<readonly ProcessStat[] | undefined> {
  const found: ProcessStat[] = [];
  for (const [index, pid] of pids.entries()) {
    if (index % BATCH === BATCH - 1) await setImmediate();
    try {
      const stat = read(pid);
      if (typeof stat !== 'string') found.push(stat);
    } catch {
      return undefined;
    }
  }
  return found;
}

/** Throws where it is we who lack something, as free descriptors, so that another look may well show it. */
function readStat(pid: number): ProcessStat | 'Gone' | 'Unknown' {
  try {
    return parseStat(readLine(`/proc/${pid}/stat`)) ?? 'Unknown';
  } catch (error) {
    if (isLack(error)) throw error;
    return isGone(error) ? 'Gone' : 'Unknown';
  }
}

const line = Buffer.allocUnsafe(4096);

/** A stat is one short line. Read so, it takes half the time that readFileSync takes, and there are thousands. */
function readLine(path: string): string {
  const fd = openSync(path, 'r');
  try {
    return line.toString('utf8', 0, readSync(fd, line, 0, line.length, 0));
  } finally {
    closeSync(fd);
  }
}

function listPids(): number[] | undefined {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isSafeInteger);
  } catch {
    return undefined;
  }
}

/** What was given last, as this PID namespace numbers; kernels without checkpoints say it beside the load alone. */
const LAST = [
  { path: '/proc/sys/kernel/ns_last_pid', number: /^(\d+)/ },
  { path: '/proc/loadavg', number: /(\d+)\s*$/ },
];

/**
 * Threads have numbers of the same row, and both count as begun (proc(5), stat: processes). What is begun in other
 * namespaces is counted too, which errs on the safe side.
 */
function readNumbering(): Numbering | undefined {
  const last = LAST.map(({ path, number }) => readNumber(path, number)).find((value) => value !== undefined);
  const begun = readNumber('/proc/stat', /^processes (\d+)$/m);
  const end = readNumber('/proc/sys/kernel/pid_max', /^(\d+)/);
  // What only seems to be Linux says 0.
  return last && begun && end ? { last, begun, end } : undefined;
}

function readNumber(path: string, number: RegExp): number | undefined {
  try {
    const found = number.exec(readFileSync(path, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    return undefined;
  }
}

/** A thread can be asked for by its number like a process, and is none. Throws as `readStat` does. */
function isProcess(pid: number): boolean {
  try {
    const [, leader] = /^Tgid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(leader) === pid;
  } catch (error) {
    if (isLack(error)) throw error;
    return false;
  }
}

/** PF_EXITING of the kernel's include/linux/sched.h. */
const EXITING = 0x4;

/** `pid (name) state ppid pgrp session tty tpgid flags … utime(14) stime(15) cutime(16) cstime(17) … starttime(22) vsize(23) rss(24) …`; the name may hold blanks and parentheses. */
function parseStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open === -1 || close === -1) return undefined;
  const zombie = text[close + 2] === 'Z' || text[close + 2] === 'X';
  // Thousands are read, and how it ended is said of who has ended alone.
  const fields = text.slice(close + 2).split(' ', zombie ? 50 : 22);
  const [state, parent, , session, terminal] = fields;
  const [threads, startTime, status] = [fields[17], fields[19], fields[49]];
  const ticks = Number(fields[11]) + Number(fields[12]);
  const childrenTicks = Number(fields[13]) + Number(fields[14]);
  const pages = Number(fields[21]);
  const pseudo = pseudoTerminal(Number(terminal));
  if (state === undefined || startTime === undefined) return undefined;
  // A first thread that ended before the others looks like a zombie as well.
  const ended = zombie && threads === '1' ? endOf(Number(status)) : undefined;
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    parent: Number(parent),
    session: Number(session),
    zombie,
    ...(pseudo !== undefined && { terminal: pseudo }),
    ...(!zombie && (Number(fields[6]) & EXITING) !== 0 && { exiting: true as const }),
    startTime,
    ...(Number.isFinite(ticks) && { cpuMs: ticks * TICK_MS }),
    ...(Number.isFinite(childrenTicks) && { childrenCpuMs: childrenTicks * TICK_MS }),
    ...(Number.isFinite(pages) && { residentBytes: pages * pageBytes() }),
    ...(ended !== undefined && { ended }),
  };
}

/** Major number of the pseudo-terminals (the kernel's Documentation/admin-guide/devices.txt). */
const PSEUDO_TERMINALS = 136;

/** A device number as the kernel writes it: the lowest 8 bits of the minor number, 12 of the major, the rest of the minor. */
function pseudoTerminal(device: number): string | undefined {
  const major = (device >>> 8) & 0xfff;
  return major === PSEUDO_TERMINALS ? `${(device & 0xff) | ((device >>> 12) & 0xfff00)}` : undefined;
}

const PAGE_SIZES = [4096, 16_384, 65_536];
let knownPage: number | undefined;

/** Node.js does not say how large a page is, but how many bytes of its own are resident, of which /proc says the pages. */
function pageBytes(): number {
  if (knownPage !== undefined) return knownPage;
  let measured = PAGE_SIZES[0] as number;
  try {
    const pages = Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]);
    measured = process.memoryUsage.rss() / pages;
  } catch {
    // As on most machines.
  }
  const off = (size: number): number => Math.abs(Math.log(size / measured));
  knownPage = PAGE_SIZES.reduce((best, size) => (off(size) < off(best) ? size : best));
  return knownPage;
}

/** From the status that waitpid(2) would give. 0 is also what is shown to those who may not know it. */
function endOf(status: number): ProcessEnd | undefined {
  if (!(status > 0)) return undefined;
  const signal = status & 0x7f;
  return signal === 0 ? { exitCode: status >> 8 } : { signal };
}

function isLack(error: unknown): boolean {
  return ['EMFILE', 'ENFILE', 'ENOMEM'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ESRCH';
}
