/** The patterns of the schemas in words. A test holds that every pattern of the schemas has its words. */
const RULES: Readonly<Record<string, string>> = {
  '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$':
    "an RFC 1123 label: lower case letters, digits and '-', with a letter or digit first and last, at most 63",
  '^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$':
    "a label's name: letters, digits, '-', '_' and '.', with a letter or digit first and last, perhaps after 'example.com/'",
  '^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$':
    "a label's value: letters, digits, '-', '_' and '.', with a letter or digit first and last, or nothing",
  '^(?!MUXLET_|TMUX)[A-Za-z_][A-Za-z0-9_]*$':
    "letters, digits and '_', no digit first; names that begin with MUXLET_ or TMUX are taken",
  '^[A-Za-z_][A-Za-z0-9_]*\\*?$':
    "the name of a variable, or its beginning and '*': letters, digits and '_', no digit first",
  '^[A-Z][A-Za-z]*$': 'one word in letters, with a capital first: PermissionPrompt',
  '^[0-9]+(s|m|h|d)$': 'a whole number and its unit: 90s, 30m, 2h or 1d',
  '^0*[1-9][0-9]*(s|m|h|d)$': 'a whole number above zero and its unit: 90s, 30m, 2h or 1d',
  '^[0-9]+(\\.[0-9]+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$': 'an amount as Kubernetes writes it: 512Mi or 4Gi',
  '^[^-\\s][^\\s]*$': "a name as git has it: no space in it, and no '-' first",
  '^([^./][^/]*|\\.[^./][^/]*|\\.\\.[^/]+)(/([^./][^/]*|\\.[^./][^/]*|\\.\\.[^/]+))*$':
    "a path that stays below its folder: no '/' first, and no '.' or '..' in it",
  '^(https?://[^@/\\s]+/[^\\s]*|ssh://([^:@/\\s-][^:@/\\s]*@)?[^@/\\s-][^@/\\s]*(/[^\\s]*)?|file:///[^\\s]*|[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^\\s-][^\\s]*|(/|~/|\\./|\\.\\./)[^\\u0000-\\u001f]*)$':
    'https://HOST/PATH without a user or password, ssh://USER@HOST/PATH without a password, USER@HOST:PATH, file:///PATH, or a path that begins with /, ~/, ./ or ../',
  '^(\\./?)?([^./\\\\\\u0000-\\u001f][^/\\\\\\u0000-\\u001f]*(/[^./\\\\\\u0000-\\u001f][^/\\\\\\u0000-\\u001f]*)*/?)?$':
    'a folder within the repository: specs, ./teams/web or a dot; none of its names begins with a dot',
  '^0*[1-9][0-9]*(s|m|h)$': 'a whole number above zero and its unit: 90s, 5m or 1h',
  '^[A-Za-z0-9_][^\\u0000-\\u0020~^:?*\\[\\\\\\u007f]*$':
    'the name of a branch or tag without refs/heads/ or refs/tags/, as git allows it',
  '^([0-9a-f]{40}|[0-9a-f]{64})$': 'the full id of a commit: 40 or 64 digits of 0-9 and a-f',
  '^[A-Za-z0-9*][A-Za-z0-9*._-]*$': "the name of an object, with '*' for any characters: web, shop-*, web.dev",
  '^([^\\u0000-\\u001f<>@]*<)?[^\\s@<>,;]+@[^\\s@<>,;]+>?$':
    "an address: oncall@example.org, or 'On call <oncall@example.org>'",
  '^[^\\s/@]+$': 'the name or address of a machine',
  '^https?://[^\\s/@?#]+([/?][^\\s]*)?$': 'https://HOST/PATH or http://HOST/PATH, without a user or password',
  "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$": 'the name of a header: letters, digits and such as -',
  '^[^\\u0000-\\u001f]*$': 'text of one line',
  '^[^\\u0000]*$': 'any text without the character U+0000',
};

export function ruleOfPattern(pattern: string): string {
  return RULES[pattern] ?? `it must match ${pattern}`;
}

export function hasRule(pattern: string): boolean {
  return Object.hasOwn(RULES, pattern);
}
