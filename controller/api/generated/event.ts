// Generated from schemas/event.schema.json by scripts/generate-types.mjs. Edit the schema instead.

/**
 * What happened to which object, deduplicated with counts. Read-only.
 */
export interface Event {
/**
 * The version of the schema; always muxlet.dev/v1alpha1.
 */
apiVersion: "muxlet.dev/v1alpha1"
/**
 * The kind of object; always Event.
 */
kind: "Event"
metadata: EventMeta
/**
 * Normal, or Warning where something is not as it should be.
 */
type: ("Normal" | "Warning")
/**
 * What happened, in one word.
 */
reason: string
/**
 * What happened, for a person.
 */
message: string
/**
 * How often it happened.
 */
count: number
/**
 * When it first happened.
 */
firstTimestamp: string
/**
 * When it last happened.
 */
lastTimestamp: string
involvedObject: ObjectReference
related?: ObjectReference1
}
/**
 * Name.
 */
export interface EventMeta {
/**
 * The object's name and a hash of what makes the event the same again.
 */
name: string
}
/**
 * The object that it happened to.
 */
export interface ObjectReference {
/**
 * Its kind.
 */
kind: string
/**
 * Its name.
 */
name: string
/**
 * Its identity.
 */
uid?: string
}
/**
 * The agent that it is about, where it happened to one.
 */
export interface ObjectReference1 {
/**
 * Its kind.
 */
kind: string
/**
 * Its name.
 */
name: string
/**
 * Its identity.
 */
uid?: string
}
