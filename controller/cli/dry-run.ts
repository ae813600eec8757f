import { MuxletError } from '../api/errors.ts';

export const DRY_RUN_OPTION = ['--dry-run [mode]', 'only say what would be changed'] as const;

/** `--dry-run`, and for those who are used to kubectl `--dry-run=client`, `=server` and `=none`. */
export function isDryRun(flag: string | true | undefined): boolean {
  if (flag === undefined || flag === 'none') return false;
  if (flag === true || flag === 'client' || flag === 'server') return true;
  throw new MuxletError('MUX_USAGE', `invalid dry run mode "${flag}": none, client or server`);
}
