// Generated from schemas/message.schema.json by scripts/generate-types.mjs. Edit the schema instead.

/**
 * Text for one agent, a role or a team; now, at a time, or again and again; delivered once and confirmed by evidence.
 */
export interface Message {
/**
 * The version of the schema; always muxlet.dev/v1alpha1.
 */
apiVersion: "muxlet.dev/v1alpha1"
/**
 * The kind of object; always Message.
 */
kind: "Message"
metadata: ObjectMeta
spec: MessageSpec
/**
 * What the controller observed. Ignored in a spec file.
 */
status?: {

}
}
/**
 * What every object carries beside its spec.
 */
export interface ObjectMeta {
/**
 * The object's name, unique among its kind: an RFC 1123 label (lower case letters, digits and '-', at most 63). The tmux session bears the same name.
 */
name: string
/**
 * Keys and values to select objects by (-l team=a). Applied live: a change of labels restarts nothing.
 */
labels?: {
[k: string]: string
}
/**
 * Keys and values for people and tools. muxlet does not select by them. Applied live.
 */
annotations?: {
[k: string]: string
}
}
/**
 * The message.
 */
export interface MessageSpec {
to: MessageTarget
from?: MessageSender
/**
 * What is said.
 */
text: string
/**
 * Not before this time.
 */
notBefore?: string
/**
 * Not after this time.
 */
deadline?: string
/**
 * Again and again, so often: 90s, 30m, 2h. Times that were missed are made up for once.
 */
every?: string
/**
 * Higher goes first.
 */
priority?: number
/**
 * Of messages with the same key that wait for the same agent only the last is delivered.
 */
dedupeKey?: string
/**
 * A message that muxlet itself keeps (send) is removed so long after its end, in seconds.
 */
ttlSecondsAfterFinished?: number
}
/**
 * Who gets it: one agent, all of a role, all of a project, or the projects that labels select.
 */
export interface MessageTarget {
/**
 * The project.
 */
project?: string
/**
 * One agent of it.
 */
agent?: string
/**
 * All agents of this role.
 */
role?: string
/**
 * Labels of projects, all of which must be so.
 */
selector?: {
[k: string]: string
}
}
/**
 * Who sent it, where that is an agent.
 */
export interface MessageSender {
/**
 * Its project.
 */
project: string
/**
 * Its name.
 */
agent: string
/**
 * How many agents it went through.
 */
hops?: number
}
