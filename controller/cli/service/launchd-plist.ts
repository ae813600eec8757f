import { MuxletError } from '../../api/errors.ts';

export type Plist = string | number | boolean | readonly Plist[] | { readonly [key: string]: Plist };

/** A property list in XML (plist(5)). @throws MUX_USAGE for text that XML cannot hold */
export function plistText(value: Plist): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    ...element(value, ''),
    '</plist>',
    '',
  ].join('\n');
}

function element(value: Plist, indent: string): readonly string[] {
  if (typeof value === 'string') return [`${indent}<string>${escaped(value)}</string>`];
  if (typeof value === 'number') return [`${indent}<integer>${value}</integer>`];
  if (typeof value === 'boolean') return [`${indent}<${value}/>`];
  const further = `${indent}  `;
  if (isList(value))
    return [`${indent}<array>`, ...value.flatMap((item) => element(item, further)), `${indent}</array>`];
  const entries = Object.entries(value).flatMap(([key, item]) => [
    `${further}<key>${escaped(key)}</key>`,
    ...element(item, further),
  ]);
  return [`${indent}<dict>`, ...entries, `${indent}</dict>`];
}

function isList(value: Plist): value is readonly Plist[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  if (/[\u0000-\u001f\u007f\ufffe\uffff]/.test(text)) {
    throw new MuxletError('MUX_USAGE', `${JSON.stringify(text)} has control characters, and cannot stand in a plist`);
  }
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
