import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const controller = new URL('../../controller/', import.meta.url).pathname;
const read = (path: string): string => readFileSync(`${controller}${path}`, 'utf8');

describe('what the controller loads when it is first needed', () => {
  it('is loaded as soon as it is ready, since a build may put other files in its place later', () => {
    const late = readdirSync(controller, { recursive: true, encoding: 'utf8' })
      .filter((path) => /^(?!cli\/).*\/.*\.ts$/.test(path))
      .flatMap((path) =>
        [...read(path).matchAll(/\bimport\('(?!node:)(.+?)'\)/g)].map(([, what]) => `${path}: ${what}`),
      );

    expect(late).toEqual(['act/notify/mail.ts: nodemailer']);
    expect(read('wiring/run-verb.ts')).toContain('loadMail()');
  });
});
