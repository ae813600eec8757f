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

/** Priorities of syslog(3), as a line begins with them for the journal (sd-daemon(3)). */
const PRIORITY = { info: 6, warn: 4, error: 3 } as const;

/** Lines for the journal, which has the time and the process already, and splits text at every line's end. */
export function createJournalLog(output: LogOutput): Log {
  const at =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      const { head, text, details } = partsOf(message, fields);
      const words = [...head, text, ...details.map(([name, value]) => `${name}=${value}`)];
      output.write(`<${PRIORITY[level]}>${words.join('  ').replaceAll(/[\r\n]+/g, ' | ')}\n`);
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
      const { head, text, details } = partsOf(message, fields);
      const painted = [
        ...head.map((part) => paint(style, part)),
        text,
        ...details.map(([name, value]) => paint('dim', `${name}=${value}`)),
      ];
      output.write(`${[time, ...painted].join('  ')}\n`);
    };
  return { info: at('cyan'), warn: at('yellow'), error: at('red') };
}

/** What it is about and why, what is said of it, and the rest. */
function partsOf(message: string, fields: LogFields) {
  const { object, reason, message: text = message, ...others } = fields;
  return {
    head: [object, reason].flatMap((part) => (part === undefined ? [] : [plain(part)])),
    text: plain(text),
    details: Object.entries(others).map(([name, value]) => [name, plain(value)] as const),
  };
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
