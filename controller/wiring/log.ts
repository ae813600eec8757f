import { styleText } from 'node:util';
import { pino } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;

/** One event a line: a constant message, and data in fields. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

interface LogOutput {
  write(text: string): unknown;
}

/** JSON for machines (journald, a log store). */
export function createJsonLog(output: LogOutput): Log {
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event' },
    {
      write: (line) => void output.write(line),
    },
  );
  const at =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      logger[level](fields, message);
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

type Style = Parameters<typeof styleText>[0];

/** Lines for a person: time, what happened, and the fields behind it. */
export function createPrettyLog(output: LogOutput, colour: boolean, now: () => number): Log {
  const paint = (style: Style, text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const at =
    (style: Style) =>
    (message: string, fields: LogFields = {}): void => {
      const time = paint('dim', new Date(now()).toTimeString().slice(0, 8));
      const { object, reason, message: text = message, ...others } = fields;
      const details = Object.entries(others).map(([name, value]) => paint('dim', `${name}=${plain(value)}`));
      const head = [object, reason].flatMap((part) => (part === undefined ? [] : [paint(style, plain(part))]));
      output.write(`${[time, ...head, plain(text), ...details].join('  ')}\n`);
    };
  return { info: at('cyan'), warn: at('yellow'), error: at('red') };
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
