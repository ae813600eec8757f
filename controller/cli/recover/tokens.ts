import { toldAddress } from '../../api/told-address.ts';

/** What is secret by its shape or by what it follows, whoever wrote it where: on a command line, in a log, in a URL. */
export const REMOVED = '[removed]';

/** A flag whose value is secret by its name; `--max-tokens` is none. */
const FLAG = /^--?[\w-]*(?:token|key|password|passwd|secret|credentials?)$/i;
/** A file's place is no secret. */
const PATH = /^[~./]/;

/** Shapes of tokens, as their issuers document them, and whole private keys. */
const SHAPES: readonly RegExp[] = [
  /\bsk-[\w-]{16,}/g,
  /\bgh[oprsu]_\w{16,}|\bgithub_pat_\w{16,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bxox[abeoprs]-[\w-]{10,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bAIza[\w-]{30,}/g,
  /\bya29\.[\w-]{16,}/g,
  /\bhf_\w{16,}/g,
  /\bnpm_\w{30,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** Kept: what says that a secret follows. */
const BEHIND: readonly RegExp[] = [
  /(--?[\w-]*(?:token|key|password|passwd|secret|credentials?)[= ]["']?)(?![~./-])[^\s"',]+/gi,
  /\b(\w*(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_?KEY|CREDENTIALS?)=["']?)(?![~./])[^\s"',]+/g,
  /\b((?:Bearer|Basic) )[\w+./=~-]{8,}/g,
];

export function withoutTokens(text: string): string {
  const shapeless = SHAPES.reduce((left, shape) => left.replaceAll(shape, REMOVED), toldAddress(text));
  return BEHIND.reduce((left, behind) => left.replaceAll(behind, `$1${REMOVED}`), shapeless);
}

/** Values behind secret flags in lists of arguments, wherever they stand in a plain value. */
export function flagValuesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    const own = value.flatMap((part: unknown, index) => {
      const before: unknown = value[index - 1];
      if (typeof part !== 'string') return [];
      if (typeof before === 'string' && FLAG.test(before) && isSecret(part)) return [part];
      const [flag = '', ...rest] = part.split('=');
      return rest.length > 0 && FLAG.test(flag) && isSecret(rest.join('=')) ? [rest.join('=')] : [];
    });
    return [...own, ...value.flatMap(flagValuesIn)];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(flagValuesIn) : [];
}

function isSecret(text: string): boolean {
  return !text.startsWith('-') && !PATH.test(text);
}
