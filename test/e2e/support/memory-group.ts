import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group with little memory. A process joins it by writing its id into `join`. */
export interface MemoryGroup {
  readonly join: string;
  /** Says whether it is gone: as long as a process in it is ending, it is not. */
  remove(): boolean;
}

/** Makes one below our own; undefined where that is not allowed. */
export function memoryGroup(name: string, bytes: number): MemoryGroup | undefined {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
  const own = (controller: string): string | undefined =>
    lines
      .map((line) => line.split(':'))
      .find(([, controllers = '-']) => controllers.split(',').includes(controller))?.[2];
  return (
    make('/sys/fs/cgroup/memory', own('memory'), { name, file: 'memory.limit_in_bytes', bytes }) ??
    make('/sys/fs/cgroup', own(''), { name, file: 'memory.max', bytes })
  );
}

interface Limit {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

function make(mount: string, path: string | undefined, { name, file, bytes }: Limit): MemoryGroup | undefined {
  if (path === undefined) return undefined;
  const folder = join(mount, path, name);
  const remove = (): boolean => {
    try {
      rmdirSync(folder);
      return true;
    } catch {
      return !existsSync(folder);
    }
  };
  try {
    mkdirSync(folder);
    readFileSync(join(folder, file));
    writeFileSync(join(folder, file), String(bytes));
    return { join: join(folder, 'cgroup.procs'), remove };
  } catch {
    remove();
    return undefined;
  }
}
