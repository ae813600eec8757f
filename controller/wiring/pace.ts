/** Milliseconds between tries of the same object: the first soon, since most of what is waited for is a process's end. */
export const RETRY = { baseMs: 1, capMs: 30_000 } as const;
/** Projects that are worked on at the same time. */
export const WORKERS = 24;
/** A look may be so old where nothing has happened since, in milliseconds. */
export const STALE_MS = 6000;
/** So long verifications may take to end with us, in milliseconds; what they leave then is cleaned up by the next round. */
export const CLOSE_MS = 3000;
/** So long a receiver that is being told may take to take it, in milliseconds; else it is told again by the next controller. */
export const TELLING_MS = 2000;
/** What nobody waits for leaves the processor to what follows from what has just happened, for a while; in milliseconds. */
export const LEISURE = { quietMs: 25, atMostMs: 250, overdueAtOnce: 2 } as const;
