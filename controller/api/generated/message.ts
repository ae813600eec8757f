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
status?: MessageStatus
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
/**
 * What the controller observed. Ignored in a spec file.
 */
export interface MessageStatus {
/**
 * The generation that this status is about.
 */
observedGeneration: number
/**
 * How it stands as a whole; the worst of its targets once all have ended.
 */
phase: ("Scheduled" | "Pending" | "Delivering" | "Delivered" | "Failed" | "DeadLetter")
/**
 * Accepted: whether its target is known and it may be sent.
 */
conditions: Condition[]
/**
 * How often it was due so far, times that were missed included.
 */
occurrence?: number
/**
 * When it was last put into mailboxes.
 */
lastSentAt?: string
/**
 * When it is sent next.
 */
nextAt?: string
/**
 * When nothing was left to be done for it.
 */
finishedAt?: string
/**
 * Each agent that it last went to.
 */
targets: TargetStatus[]
}
/**
 * One fact about an object, as Kubernetes writes them.
 */
export interface Condition {
/**
 * Which fact.
 */
type: string
/**
 * Whether it is so.
 */
status: ("True" | "False" | "Unknown")
/**
 * Why, in one word from a fixed list.
 */
reason: string
/**
 * Why, for a person.
 */
message: string
/**
 * When status last changed.
 */
lastTransitionTime: string
/**
 * The generation of the spec that this was said of.
 */
observedGeneration: number
}
/**
 * How it stands with one agent.
 */
export interface TargetStatus {
/**
 * The agent's project.
 */
project: string
/**
 * Its name.
 */
agent: string
/**
 * The mark that the text bears in the agent's terminal, and the name of its record in the mailbox.
 */
id: string
/**
 * Queued: waits in the mailbox. Delivering: typed, and looked for in what the program records. Delivered: the program recorded it. Unconfirmed: submitted as far as can be seen, with no record of it. Superseded: a later one of the same dedupeKey took its place. Expired: not delivered before its deadline. Refused: never put into the mailbox. DeadLetter: given up.
 */
state: ("Queued" | "Delivering" | "Delivered" | "Unconfirmed" | "Superseded" | "Expired" | "Refused" | "DeadLetter")
/**
 * What it waits for, or why it ended so, in one word.
 */
reason?: string
/**
 * The same for a person.
 */
message?: string
/**
 * How often delivering it failed. Waiting is no try.
 */
tries: number
/**
 * When it was put into the mailbox.
 */
queuedAt: string
/**
 * When it had ended.
 */
deliveredAt?: string
}
