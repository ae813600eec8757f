/** A key, a character that was typed, or a text that was pasted. */
export type Key =
  | { readonly type: 'Up' | 'Down' | 'Left' | 'Right' | 'PageUp' | 'PageDown' | 'Home' | 'End' }
  | { readonly type: 'Enter' | 'Escape' | 'Backspace' }
  | { readonly type: 'Tab'; readonly step: 1 | -1 }
  | { readonly type: 'Ctrl'; readonly letter: string }
  /** `alone`: it did not come in one go with others, as what is typed ahead does. */
  | { readonly type: 'Character'; readonly text: string; readonly alone: boolean }
  | { readonly type: 'Paste'; readonly text: string };

/** What the terminal library says of one press, as far as it is asked. */
export interface Press {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageUp: boolean;
  readonly pageDown: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly tab: boolean;
  readonly shift: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
}

/** The keys of one press. What was typed ahead comes as one, and is many. */
export function keysOf(input: string, press: Press): readonly Key[] {
  if (press.upArrow) return [{ type: 'Up' }];
  if (press.downArrow) return [{ type: 'Down' }];
  if (press.leftArrow) return [{ type: 'Left' }];
  if (press.rightArrow) return [{ type: 'Right' }];
  if (press.pageUp) return [{ type: 'PageUp' }];
  if (press.pageDown) return [{ type: 'PageDown' }];
  if (press.home) return [{ type: 'Home' }];
  if (press.end) return [{ type: 'End' }];
  if (press.return) return [{ type: 'Enter' }];
  if (press.escape) return [{ type: 'Escape' }];
  if (press.tab) return [{ type: 'Tab', step: press.shift ? -1 : 1 }];
  // Terminals send DEL for the key that takes back.
  if (press.backspace || press.delete) return [{ type: 'Backspace' }];
  if (press.ctrl) return /^[a-z]$/.test(input) ? [{ type: 'Ctrl', letter: input }] : [];
  // With Alt nothing is meant here, and what is left of an unknown sequence is not typed text.
  if (press.meta) return [];
  const characters = [...input];
  return characters.flatMap((character) => typed(character, characters.length === 1));
}

function typed(character: string, alone: boolean): readonly Key[] {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\r' || character === '\n') return [{ type: 'Enter' }];
  if (character === '\t') return [{ type: 'Tab', step: 1 }];
  if (character === '\b' || character === '\u007f') return [{ type: 'Backspace' }];
  if (code >= 1 && code <= 26) return [{ type: 'Ctrl', letter: String.fromCharCode(code + 96) }];
  return code < 32 ? [] : [{ type: 'Character', text: character, alone }];
}
