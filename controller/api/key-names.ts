import { nearestName } from './nearest-name.ts';

/** tmux's names of keys, as tmux(1), KEY BINDINGS has them, and their other spellings; case does not matter to it. */
const NAMES = [
  'Enter',
  'Escape',
  'Tab',
  'BTab',
  'Space',
  'BSpace',
  'Up',
  'Down',
  'Left',
  'Right',
  'Home',
  'End',
  'PageUp',
  'PgUp',
  'PPage',
  'PageDown',
  'PgDn',
  'NPage',
  'Insert',
  'IC',
  'Delete',
  'DC',
  'KPEnter',
  ...Array.from({ length: 12 }, (_, index) => `F${index + 1}`),
  ...'/ * - + . 0 1 2 3 4 5 6 7 8 9'.split(' ').map((key) => `KP${key}`),
] as const;

const KNOWN = new Set<string>(NAMES.map((name) => name.toLowerCase()));

/** As other programs write it, and what tmux has for it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  esc: 'Escape',
  return: 'Enter',
  cr: 'Enter',
  backspace: 'BSpace',
  del: 'Delete',
  spacebar: 'Space',
  arrowup: 'Up',
  arrowdown: 'Down',
  arrowleft: 'Left',
  arrowright: 'Right',
};

/**
 * Why a key is none, and what is right. tmux types what it does not know as text, letter by letter: of a misspelt key in
 * the answer to a dialog, each letter would be an answer. What does not look like a key is text, and may be.
 */
export function keyFault(key: string): { readonly message: string; readonly hint: string } | undefined {
  if (isText(key) || isKey(key)) return undefined;
  const message = `there is no key ${JSON.stringify(key)}: tmux would type it letter by letter`;
  const right = meant(key);
  return {
    message,
    hint:
      right === undefined
        ? "keys are tmux's: Enter, Escape, Down, C-c, F1, y"
        : `write ${right}; if text is meant, one letter each`,
  };
}

function isKey(key: string): boolean {
  const rest = key.replace(/^(?:[CMS]-)+(?=.)/i, '').replace(/^\^(?=.)/, '');
  return isCharacter(rest) || KNOWN.has(rest.toLowerCase()) || /^0x[0-9a-f]+$/i.test(rest);
}

function isCharacter(text: string): boolean {
  return /^.$/su.test(text);
}

/** Nothing in it says that a key is meant: no modifier, no number of a function key, and like no key's name. */
function isText(key: string): boolean {
  return !/^(?:[cms]|ctrl|control|alt|meta|shift)[-+]|^\^|^F\d+$/i.test(key) && meantName(key) === undefined;
}

function meant(key: string): string | undefined {
  const [, modifier, rest = ''] = /^(?:(ctrl|control|alt|meta|shift|[cms])[-+])(.+)$/i.exec(key) ?? [];
  if (modifier === undefined) return meantName(key);
  const letter = /^s/i.test(modifier) ? 'S' : /^c/i.test(modifier) ? 'C' : 'M';
  const name = isKey(rest) ? rest : meantName(rest);
  return name === undefined ? undefined : `${letter}-${isCharacter(name) ? name.toLowerCase() : name}`;
}

/** Only a word with a capital first is taken for a misspelt name: text in small letters is what people answer with. */
function meantName(word: string): string | undefined {
  const other = ELSEWHERE[word.toLowerCase()];
  if (other !== undefined || !/^[A-Z][A-Za-z]{2,}$/.test(word)) return other;
  const near = nearestName(word, [...NAMES, ...Object.keys(ELSEWHERE)]);
  return near === undefined ? undefined : (ELSEWHERE[near] ?? near);
}
