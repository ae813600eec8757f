/** An entry of an archive. */
export interface TarEntry {
  /** Relative, with '/'; its last part has at most 100 bytes, what is before it at most 155. */
  readonly path: string;
  readonly text: string;
}

const BLOCK = 512;

/** A tar archive in the ustar format (POSIX.1-1988), of plain files that only their owner reads. */
export function tarOf(entries: readonly TarEntry[], modifiedMs: number): Buffer {
  const files = entries.flatMap(({ path, text }) => {
    const content = Buffer.from(text);
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [headerOf(path, content.length, modifiedMs), content, padding];
  });
  return Buffer.concat([...files, Buffer.alloc(2 * BLOCK)]);
}

function headerOf(path: string, size: number, modifiedMs: number): Buffer {
  const slash = path.lastIndexOf('/');
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(path.slice(slash + 1), 0, 100);
  header.write(octal(0o600, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(Math.floor(modifiedMs / 1000), 11), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  header.write(slash < 0 ? '' : path.slice(0, slash), 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
