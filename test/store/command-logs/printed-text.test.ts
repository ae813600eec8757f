import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPrintedText } from '../../../controller/store/command-logs/printed-text.ts';

async function printed(chunks: readonly (string | Buffer)[]) {
  let lines: string[] = [];
  const text = createPrintedText(
    async (some) => some.map((line) => line.replaceAll('secret', '[redacted]')),
    (some) => {
      lines = lines.concat(some);
    },
  );
  for (const chunk of chunks) text.write(Buffer.from(chunk));
  return { tail: await text.end(), lines };
}

test('gives every line in its order, wherever it was cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[a-zé ]{0,12}$/), { minLength: 1, maxLength: 60 }),
      fc.array(fc.nat(20)),
      async (wanted, cuts) => {
        const bytes = Buffer.from(`${wanted.join('\n')}\n`);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        const { lines, tail } = await printed([...chunks, bytes.subarray(at)]);
        expect(lines).toEqual(wanted);
        expect(tail).toEqual(wanted.slice(-40));
      },
    ),
  );
});

test('takes secrets out of lines that came in pieces', async () => {
  const { lines } = await printed(['it is a sec', 'ret\nand', ' more']);
  expect(lines).toEqual(['it is a [redacted]', 'and more']);
});

test('keeps the beginning and the end of what is too much, and says how much is left out', async () => {
  const line = `${'x'.repeat(99)}\n`;
  const { lines, tail } = await printed(['first\n', ...Array.from({ length: 20_000 }, () => line), 'last\n']);
  expect(lines[0]).toBe('first');
  expect(lines.at(-1)).toBe('last');
  expect(tail.at(-1)).toBe('last');
  const told = lines.find((one) => one.includes('left out'));
  const lost = Number(/^\[(\d+) bytes/.exec(told ?? '')?.[1]);
  const kept = lines.filter((one) => one !== told).reduce((sum, one) => sum + one.length + 1, 0);
  expect(kept + lost).toBe(20_000 * 100 + 11);
  expect(kept).toBeLessThan(900_000);
});

test('shows what a terminal would: no colours, and of a line that is written over the last', async () => {
  const { tail } = await printed(['\u001b[31mred\u001b[0m\n10%\r20%\r100%\r\n\u0007bell\ttab\n']);
  expect(tail).toEqual(['red', '100%', 'bell\ttab']);
  const long = await printed(['y'.repeat(10_000)]);
  expect(long.tail[0]).toHaveLength(400);
});

test('empty lines are as many as bytes, and no harm', async () => {
  const { lines } = await printed(Array.from({ length: 50 }, () => Buffer.alloc(65_536, '\n')));
  expect(lines.length).toBeLessThan(900_000);
});

test('our own lines stand by themselves', async () => {
  const lines: string[] = [];
  const text = createPrintedText(
    async (some) => some,
    (some) => lines.push(...some),
  );
  text.write(Buffer.from('no end'));
  text.write(Buffer.from('exited with 1\n'), 'OnALineOfItsOwn');
  await text.end();
  expect(lines).toEqual(['no end', 'exited with 1']);
});
