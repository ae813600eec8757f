/** Durations and ages as kubectl writes them: two units at most, fewer the longer it is. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * The steps of Kubernetes' duration.HumanDuration: 119s, 2m, 9m59s, 10m, 179m, 3h, 7h59m, 8h, 47h, 2d, 7d23h, 8d, 2y.
 * A time in the future (clocks differ) is 0s for a second and <invalid> beyond that.
 *
 * @param ms milliseconds
 */
export function formatDuration(ms: number): string {
  const seconds = Math.trunc(ms / SECOND);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(ms / MINUTE);
  if (minutes < 10) return pair([minutes, 'm'], [seconds % 60, 's']);
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(ms / HOUR);
  if (hours < 8) return pair([hours, 'h'], [minutes % 60, 'm']);
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 8 * 24) return pair([days, 'd'], [hours % 24, 'h']);
  if (hours < 2 * 365 * 24) return `${days}d`;
  const years = Math.trunc(days / 365);
  if (hours < 8 * 365 * 24) return pair([years, 'y'], [days % 365, 'd']);
  return `${years}y`;
}

type Amount = readonly [number, string];

function pair([large, largeUnit]: Amount, [small, smallUnit]: Amount): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

/** How long ago an ISO 8601 time was; `<unknown>` if there is none, as in kubectl. */
export function formatAge(timestamp: string | undefined, now: number): string {
  const then = timestamp === undefined ? Number.NaN : Date.parse(timestamp);
  return Number.isNaN(then) ? '<unknown>' : formatDuration(now - then);
}
