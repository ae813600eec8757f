import { readFile } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg } from 'node:os';

/** What is left of the machine's memory and processors. What cannot be read is undefined. */
export async function lookAtMachine(file = '/proc/meminfo'): Promise<{
  readonly availableMemory: number | undefined;
  readonly loadPerCPU: number | undefined;
}> {
  const [load] = loadavg();
  return {
    availableMemory: await availableMemory(file),
    // Where a system keeps no load average, all three are 0; so is that of a machine that does nothing.
    loadPerCPU: load === undefined ? undefined : load / availableParallelism(),
  };
}

/**
 * Bytes that programs can have without swapping: what is free, and what the kernel would give up (proc(5), MemAvailable,
 * since Linux 3.14). os.freemem is what is free alone: on Linux, next to nothing of a machine that has run for a while.
 */
async function availableMemory(file: string): Promise<number | undefined> {
  if (process.platform !== 'linux') return freemem();
  try {
    const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(await readFile(file, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}
