/**
 * Says whether there was one: it may have ended meanwhile. Throws where none is named, since to signal process 0 would be to
 * signal the whole group that the tests run in.
 */
export function signalProcess(pid: number | undefined, signal: NodeJS.Signals): boolean {
  if (pid === undefined || !Number.isInteger(pid) || pid <= 1) throw new Error(`no process to signal: ${pid}`);
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
