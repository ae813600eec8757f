const REMOVED = '[redacted]';
/** Shorter values would take ordinary words and digits out of the text. */
const SHORTEST = 4;

/**
 * Takes what is secret out of what is said of a sending: the values as they stand, and as a server may say them back, in
 * base64, in JSON or as a part of an address.
 */
export function createRedactor(): {
  readonly add: (secret: string) => void;
  readonly redact: (text: string) => string;
} {
  const known = new Set<string>();

  function add(secret: string): void {
    for (const line of [secret, ...secret.split('\n')].map((text) => text.trim())) {
      const inJson = JSON.stringify(line).slice(1, -1);
      for (const form of [line, inJson, encodeURIComponent(line), base64(line)])
        if (form.length >= SHORTEST) known.add(form);
    }
  }

  function redact(text: string): string {
    // A value may begin with another one: what would then be left of it is part of a secret as well.
    const values = [...known].sort((a, b) => b.length - a.length);
    return values.reduce((left, value) => left.replaceAll(value, REMOVED), text);
  }

  return { add, redact };
}

/** Without what fills it up, which is not there if more was encoded with it. */
function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64').replace(/=+$/, '');
}
