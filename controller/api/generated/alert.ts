// Generated from schemas/alert.schema.json by scripts/generate-types.mjs. Edit the schema instead.

/**
 * Who hears of which events, by mail, webhook, on the desktop or by a command.
 */
export interface Alert {
/**
 * The version of the schema; always muxlet.dev/v1alpha1.
 */
apiVersion: "muxlet.dev/v1alpha1"
/**
 * The kind of object; always Alert.
 */
kind: "Alert"
metadata: ObjectMeta
spec: AlertSpec
status?: AlertStatus
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
 * Who hears of which events, and how often at most. Applied live; what happened before the Alert was there is not told.
 */
export interface AlertSpec {
/**
 * Tells nobody anything. What happens meanwhile is not told later; what already waits is told once this is false again.
 */
suspend?: boolean
/**
 * What is told: an event that any of these takes. Default: an agent that waits for a person, a project that finished or failed, an account that lost its login or met its limit, and a batch that is over.
 * 
 * @minItems 1
 */
on?: EventFilter[]
/**
 * What is not told all the same: an event that any of these takes.
 */
except?: EventFilter[]
group?: AlertGroup
limit?: AlertLimit
/**
 * Who is told. Each gets everything, at its own pace: one that cannot be reached keeps no other waiting.
 * 
 * @minItems 1
 * @maxItems 32
 */
receivers: AlertReceiver[]
}
/**
 * Takes an event if all the fields that are given agree.
 */
export interface EventFilter {
/**
 * Kinds of the object that it happened to.
 * 
 * @minItems 1
 */
kinds?: ("Project" | "Agent" | "AgentClass" | "Message" | "Queue" | "GitSource" | "Alert" | "TmuxServer" | "Controller")[]
/**
 * Names of the object, of an agent as PROJECT.AGENT, or of the project of an agent; * stands for any characters.
 * 
 * @minItems 1
 */
names?: string[]
/**
 * Reasons, as 'muxlet events' shows them.
 * 
 * @minItems 1
 */
reasons?: string[]
/**
 * How bad it is: info, for your information; warning, somebody should look; critical, nothing goes on until somebody does.
 * 
 * @minItems 1
 */
severities?: ("info" | "warning" | "critical")[]
/**
 * Labels, all of which must be so, of the object or of its project.
 */
selector?: {
[k: string]: string
}
}
/**
 * What is told together, and how soon. Applied live.
 */
export interface AlertGroup {
/**
 * Events that differ in one of these are told apart. Default: nothing; all that happens within 'wait' is one notification.
 */
by?: ("Kind" | "Project" | "Reason" | "Severity")[]
/**
 * So long a first event waits for others, to be told together with them.
 */
wait?: string
/**
 * So long after a notification, at least, the next one of the same group is sent.
 */
interval?: string
/**
 * What happens again and again is told after 'interval', and then after twice as long each time, at most after this; each time with how often it happened. Once it has not happened for so long it is new again.
 */
repeat?: string
}
/**
 * How many notifications each receiver gets at most. What is beyond it is told in the next one.
 */
export interface AlertLimit {
/**
 * Notifications.
 */
count?: number
/**
 * Within this time.
 */
per?: string
}
/**
 * Somebody to tell, in exactly one of these ways.
 */
export interface AlertReceiver {
/**
 * Its name within the Alert: lower case letters, digits and '-'.
 */
name: string
/**
 * How long one try may take.
 */
timeout?: string
mail?: MailReceiver
webhook?: WebhookReceiver
desktop?: DesktopReceiver
command?: CommandReceiver
}
/**
 * By mail, over SMTP.
 */
export interface MailReceiver {
/**
 * Addresses: oncall@example.org, or 'On call <oncall@example.org>'.
 * 
 * @minItems 1
 * @maxItems 50
 */
to: string[]
/**
 * The address that it comes from.
 */
from: string
server: MailServer
auth?: MailAuth
}
/**
 * The mail server that takes it.
 */
export interface MailServer {
/**
 * Its name or address.
 */
host: string
/**
 * Default: 587; 465 where tls is Implicit, 25 where it is None.
 */
port?: number
/**
 * Required: STARTTLS, or nothing is sent. Opportunistic: STARTTLS where the server has it; no password is sent without. Implicit: TLS from the first byte. None: in the clear.
 */
tls?: ("Required" | "Opportunistic" | "Implicit" | "None")
/**
 * A file of certificates to believe instead of the system's, in PEM; a path: absolute, from ~, or from the folder of this file.
 */
ca?: string
}
/**
 * How one logs in to the mail server.
 */
export interface MailAuth {
/**
 * The name.
 */
user: string
password: ReceiverSecret
}
/**
 * Where a secret stands: exactly one of these. It is read at each try and written nowhere.
 */
export interface ReceiverSecret {
/**
 * A file whose content, less one final line break, is the secret; a path: absolute, from ~, or from the folder of this file.
 */
file?: string
/**
 * A variable of the controller's environment.
 */
env?: string
}
/**
 * By an HTTP request.
 */
export interface WebhookReceiver {
/**
 * What is sent: Generic, the notification as JSON; or what Slack, Discord or ntfy take.
 */
form?: ("Generic" | "Slack" | "Discord" | "Ntfy")
url: WebhookURL
/**
 * Further headers of the request.
 * 
 * @maxItems 32
 */
headers?: WebhookHeader[]
/**
 * A file of certificates to believe instead of the system's, in PEM; a path: absolute, from ~, or from the folder of this file.
 */
ca?: string
}
/**
 * Where to: either value or valueFrom. What lets one post to Slack or Discord is a secret: valueFrom.
 */
export interface WebhookURL {
/**
 * The address, for all who can read the file; no user or password in it.
 */
value?: string
valueFrom?: ReceiverSecret
}
/**
 * A header: either value or valueFrom.
 */
export interface WebhookHeader {
/**
 * Its name.
 */
name: string
/**
 * The value, for all who can read the file.
 */
value?: string
valueFrom?: ReceiverSecret
}
/**
 * On the screen of the user that the controller runs as: by notify-send on Linux, by osascript on macOS.
 */
export interface DesktopReceiver {

}
/**
 * By a program, which gets the notification as JSON on its standard input and its main fields as variables MUXLET_…. Exit code 0: delivered; 64 to 78, other than 75: no use in trying again.
 */
export interface CommandReceiver {
/**
 * The program and its arguments; no shell.
 * 
 * @minItems 1
 */
argv: string[]
/**
 * Further environment variables of the program.
 */
env?: EnvVar[]
}
/**
 * An environment variable: either value or valueFrom.
 */
export interface EnvVar {
/**
 * Name of the variable. Names that begin with MUXLET_ or TMUX are muxlet's and tmux's own.
 */
name: string
/**
 * The value, literally; nothing is expanded.
 */
value?: string
valueFrom?: EnvVarSource
}
/**
 * Where a secret value comes from. It is read when the agent starts and never written anywhere by muxlet.
 */
export interface EnvVarSource {
/**
 * A file whose content, less one final line break, is the value: absolute, '~/…', or relative to the folder of the spec file.
 */
file?: string
/**
 * A variable of the controller's own environment.
 */
env?: string
}
/**
 * What became of what was to be told.
 */
export interface AlertStatus {
/**
 * The generation of the spec that this status speaks of.
 */
observedGeneration: number
/**
 * The facts. Ready: whether all receivers were reached at the last try.
 */
conditions: Condition[]
/**
 * Each receiver.
 */
receivers: ReceiverStatus[]
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
 * How it stands with a receiver.
 */
export interface ReceiverStatus {
/**
 * Its name.
 */
name: string
/**
 * Events that it is to be told of yet.
 */
waiting: number
/**
 * Notifications that it took.
 */
delivered: number
/**
 * Events that it was never told of: too many waited, or it refused them.
 */
dropped: number
/**
 * When it last took one.
 */
lastDelivered?: string
lastFailure?: ReceiverFailure
/**
 * When the next notification is due.
 */
nextTryAt?: string
}
/**
 * Why it could not be told, if that was so at the last try.
 */
export interface ReceiverFailure {
/**
 * When.
 */
time: string
/**
 * What was said; without secrets.
 */
message: string
/**
 * Tries in a row that failed.
 */
tries: number
/**
 * When the first of them was.
 */
since: string
}
