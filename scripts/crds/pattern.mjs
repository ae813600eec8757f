const NEGATIVE_LOOKAHEAD = /^\^\(\?!([^()]*)\)/;

/**
 * The API server's expressions are RE2: no looking ahead, and other escapes.
 * @param {Record<string, any>} schema
 * @param {string} pattern an ECMAScript regular expression
 */
export function withStructuralPattern(schema, pattern) {
  const forbidden = NEGATIVE_LOOKAHEAD.exec(pattern)?.[1];
  const rest = pattern.replace(NEGATIVE_LOOKAHEAD, '^').replace(/\\u([0-9a-fA-F]{4})/g, '\\x{$1}');
  if (/\(\?[=!<]|\\[1-9]/.test(rest)) throw new Error(`RE2 cannot express ${pattern}`);
  return { ...schema, pattern: rest, ...(forbidden !== undefined && { not: { pattern: `^(${forbidden})` } }) };
}
