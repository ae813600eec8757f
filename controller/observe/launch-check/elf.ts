import { type FileHandle, open } from 'node:fs/promises';
import { endianness } from 'node:os';

/** What the kernel needs to execute a program of its own format (elf(5)). */
export interface Elf {
  /** The program that loads it; absent: it needs none. */
  readonly interpreter?: string;
}

const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const HEADER_BYTES = 64;
/** From its magic to its machine: what a program must have in common with ours, but for its type and its system. */
const KIND = { ident: [4, 6], machine: [18, 20] } as const;
const IS_64 = 2;
const SEGMENT_BYTES = 56;
const PT_INTERP = 3;
/** Of a path (PATH_MAX). */
const MOST_BYTES = 4096;
const LITTLE = endianness() === 'LE';

let own: Promise<Buffer> | undefined;

/** Undefined: it is no such program, or one for another machine than ours. Rejects if it cannot be read. */
export async function readElf(path: string): Promise<Elf | undefined> {
  own ??= withFile(process.execPath, headerOf);
  const ours = await own;
  return withFile(path, async (file) => {
    const header = await headerOf(file);
    if (!isElf(header) || !isElf(ours) || header[4] !== IS_64 || kindOf(header) !== kindOf(ours)) return undefined;
    for (const segment of await segmentsOf(file, header)) {
      if (u32(segment, 0) !== PT_INTERP) continue;
      const bytes = u64(segment, 32);
      if (bytes > MOST_BYTES) return undefined;
      const name = await readAt(file, u64(segment, 8), bytes);
      return { interpreter: name.toString('utf8').replace(/\0[^]*$/, '') };
    }
    return {};
  });
}

function isElf(header: Buffer): boolean {
  return header.length === HEADER_BYTES && header.subarray(0, MAGIC.length).equals(MAGIC);
}

function kindOf(header: Buffer): string {
  return header.toString('hex', ...KIND.ident) + header.toString('hex', ...KIND.machine);
}

async function segmentsOf(file: FileHandle, header: Buffer): Promise<Buffer[]> {
  const [bytes, count] = [u16(header, 54), u16(header, 56)];
  if (bytes !== SEGMENT_BYTES) throw new Error('segments of another size');
  const table = await readAt(file, u64(header, 32), bytes * count);
  return Array.from({ length: count }, (_, index) => table.subarray(index * bytes, (index + 1) * bytes));
}

function headerOf(file: FileHandle): Promise<Buffer> {
  return readUpTo(file, 0, HEADER_BYTES);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const read = await readUpTo(file, position, length);
  if (read.length < length) throw new Error('it ends too soon');
  return read;
}

async function readUpTo(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function withFile<Result>(path: string, work: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await open(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

function u16(bytes: Buffer, at: number): number {
  return LITTLE ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
}

function u32(bytes: Buffer, at: number): number {
  return LITTLE ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

function u64(bytes: Buffer, at: number): number {
  return Number(LITTLE ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
}
