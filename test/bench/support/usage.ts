import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of processor time that a process has used so far, all its threads together (proc(5), schedstat). */
export function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, value) => sum + value, 0) / 1e6;
}

/** Clock ticks a second, as proc(5) counts; the same on all machines that Node runs on. */
const TICKS = 100;

/** Milliseconds of processor time that programs have used which a process started and which have ended (proc(5), stat). */
export function childrenCpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / TICKS;
}

export function totalCpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
}

/** Resident memory of a process in megabytes (10^6 bytes). */
export function residentMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

/** Processes whose environment holds the variable, with their names. */
export function markedProcesses(variable: string): { readonly pid: number; readonly name: string }[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      if (!readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0').includes(variable)) return [];
      return [{ pid: Number(entry), name: readFileSync(`/proc/${entry}/comm`, 'utf8').trim() }];
    } catch {
      return []; // It ended, or is not ours to read.
    }
  });
}
