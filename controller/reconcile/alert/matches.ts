import type { AlertPolicy, Occurrence } from '../../api/alerting.ts';
import type { EventFilter } from '../../api/generated/all.ts';

/** Whether the Alert tells of it. */
export function isWanted(occurrence: Occurrence, { on, except }: Pick<AlertPolicy, 'on' | 'except'>): boolean {
  return on.some((filter) => takes(filter, occurrence)) && !except.some((filter) => takes(filter, occurrence));
}

/** Every field that is given has to agree. */
function takes({ kinds, names, reasons, severities, selector }: EventFilter, occurrence: Occurrence): boolean {
  const { kind, name, project, reason, severity, labels } = occurrence;
  return (
    isAmong(kind, kinds) &&
    isAmong(reason, reasons) &&
    isAmong(severity, severities) &&
    (names === undefined ||
      names.some((pattern) => fits(name, pattern) || (project !== undefined && fits(project, pattern)))) &&
    Object.entries(selector ?? {}).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)
  );
}

function isAmong(value: string, list: readonly string[] | undefined): boolean {
  return list === undefined || list.includes(value);
}

/**
 * Whether `*`, which stands for any characters, makes the pattern fit all of the text. In one pass and without a regular
 * expression: no pattern can make it slow.
 */
function fits(text: string, pattern: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return text === pattern;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - last.length;
}
