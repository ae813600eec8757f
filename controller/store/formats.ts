/** What a string must look like where a schema names a format. */
export const FORMATS = { 'date-time': { type: 'string', validate: isTime } } as const;

/** RFC 3339: with its zone, so that it means the same everywhere. */
function isTime(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}
