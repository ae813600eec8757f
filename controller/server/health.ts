/** What a health endpoint says: each check by its name, and whether all of them passed. */
export interface Health {
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Why it failed, in a few words. Anybody who reaches the port can read it. */
  readonly message?: string;
}

/** As the health endpoints of Kubernetes write it: `ok`, or the checks, if one failed or all are asked for. */
export function formatHealth(path: string, { ok, checks }: Health, isVerbose: boolean): string {
  if (ok && !isVerbose) return 'ok\n';
  const lines = checks.map((check) => {
    if (check.ok) return `[+]${check.name} ok`;
    return `[-]${check.name} failed${check.message === undefined ? '' : `: ${check.message}`}`;
  });
  return [...lines, `${path.slice(1)} check ${ok ? 'passed' : 'failed'}`, ''].join('\n');
}
