import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOutputLog, createOutputReader, MAX_OUTPUT_BYTES } from '../../../controller/store/state/output-log.ts';
import type { StateProblem } from '../../../controller/store/state/state-problem.ts';

const line = (position: number, text = `line ${position}`) => ({ position, at: 1000 + position, run: 'r1', text });

describe("an agent's output", () => {
  let directory = '';
  const problems: StateProblem[] = [];
  const open = () =>
    createOutputLog(
      directory,
      (problem) => problems.push(problem),
      () => undefined,
    );

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mx-'));
    problems.length = 0;
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  test('is read as it was written, by its user alone', () => {
    const log = open();
    expect(log.append('dev', [line(0), line(1, 'tab\tand "quote"')])).toBe(true);
    expect(log.append('dev', [line(2)])).toBe(true);
    expect(open().read('dev')).toEqual([line(0), line(1, 'tab\tand "quote"'), line(2)]);
    expect(statSync(join(directory, 'dev', 'output.ndjson')).mode & 0o777).toBe(0o600);
  });

  test('is empty where there is none, and no folder is made for that', () => {
    expect(open().read('dev')).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('takes no more than its bound, and keeps the latest', () => {
    const log = open();
    const text = 'x'.repeat(1000);
    for (let position = 0; position < 1500; position += 1) log.append('dev', [line(position, text)]);
    const files = readdirSync(join(directory, 'dev'));
    expect(files.sort()).toEqual(['output.1.ndjson', 'output.ndjson']);
    for (const file of files) expect(statSync(join(directory, 'dev', file)).size).toBeLessThanOrEqual(MAX_OUTPUT_BYTES);
    const positions = log.read('dev').map(({ position }) => position);
    expect(positions.at(-1)).toBe(1499);
    expect(positions.length).toBeGreaterThanOrEqual(480);
    expect(positions).toEqual(positions.map((_, index) => (positions[0] ?? 0) + index));
  });

  test('loses a torn line and no other', () => {
    const log = open();
    log.append('dev', [line(0)]);
    appendFileSync(join(directory, 'dev', 'output.ndjson'), '{"position":1,"at":');
    log.append('dev', [line(2)]);
    expect(log.read('dev')).toEqual([line(0), line(2)]);
  });

  test('that cannot be written is told, and is not taken for written', () => {
    mkdirSync(join(directory, 'dev', 'output.ndjson'), { recursive: true });
    expect(open().append('dev', [line(0)])).toBe(false);
    expect(problems).toMatchObject([{ type: 'WriteFailed' }]);
  });

  test('is seen again as soon as it has changed', () => {
    const log = open();
    const read = createOutputReader(directory, 'dev');
    expect(read()).toEqual([]);
    log.append('dev', [line(0)]);
    expect(read()).toEqual([line(0)]);
    log.append('dev', [line(1)]);
    expect(read()).toEqual([line(0), line(1)]);
  });
});
