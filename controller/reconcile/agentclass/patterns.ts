import type { AgentClassSpec } from '../../api/generated/all.ts';
import { patternOf, slowPatterns } from '../../api/reading/pattern.ts';

/** The regular expressions of a class that are none, or turned out to be of no use, each with its field. */
export function wrongPatterns({ version, reading, delivery, dialogs, limits }: AgentClassSpec): string[] {
  const flags = reading?.ignoreCase === true ? 'mui' : 'mu';
  const all: readonly (readonly [field: string, pattern: string | undefined, flags: string])[] = [
    ['version.pattern', version?.pattern, 'mu'],
    ...(reading?.sources ?? []).flatMap(({ rules }, source) =>
      rules.map(({ pattern }, rule) => [`reading.sources[${source}].rules[${rule}].pattern`, pattern, flags] as const),
    ),
    ['delivery.inputLine', delivery?.inputLine, 'mu'],
    ...(delivery?.emptyText ?? []).map((text, at) => [`delivery.emptyText[${at}]`, text, 'mu'] as const),
    ...(delivery?.byFile ?? []).map((text, at) => [`delivery.byFile[${at}]`, text, 'u'] as const),
    ...(dialogs ?? []).map(({ pattern }, at) => [`dialogs[${at}].pattern`, pattern, flags] as const),
    ...(limits?.resets ?? []).map((text, at) => [`limits.resets[${at}]`, text, 'mu'] as const),
  ];
  return all.flatMap(([field, pattern, with_]) => {
    const why = pattern === undefined ? undefined : faultOf(pattern, with_);
    return why === undefined ? [] : [`${field}: ${why}`];
  });
}

function faultOf(pattern: string, flags: string): string | undefined {
  try {
    patternOf(pattern, flags);
    return slowPatterns().includes(pattern)
      ? 'it takes too long on what is printed, which it counts as not found in'
      : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
