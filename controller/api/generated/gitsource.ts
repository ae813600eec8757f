// Generated from schemas/gitsource.schema.json by scripts/generate-types.mjs. Edit the schema instead.

/**
 * A git repository whose folder of specs is followed and converged on.
 */
export interface GitSource {
/**
 * The version of the schema; always muxlet.dev/v1alpha1.
 */
apiVersion: "muxlet.dev/v1alpha1"
/**
 * The kind of object; always GitSource.
 */
kind: "GitSource"
metadata: ObjectMeta
spec: GitSourceSpec
status?: GitSourceStatus
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
 * Which repository is followed, and how. Applied live; what is in force stays so until another revision was fetched and found good.
 */
export interface GitSourceSpec {
/**
 * The repository: https://, http://, ssh://, user@host:path, file:///, or a path (absolute, or from ~, or from the folder of this file). No user in an https address and no password in any: see credentials.
 */
url: string
ref?: GitRef
/**
 * The folder of the repository whose specs are taken, with all folders below it.
 */
path?: string
/**
 * How often the repository is looked at, at least. A webhook and 'muxlet reconcile' make it at once.
 */
interval?: string
/**
 * How long one look at the repository may take.
 */
timeout?: string
credentials?: GitCredentials
verify?: GitVerification
/**
 * Whether what is not in the repository any more is ended. If not, its last version stays in force until it is deleted by hand. The same holds for everything when the GitSource itself is removed.
 */
prune?: boolean
/**
 * Looks at the repository no more; what is in force stays.
 */
suspend?: boolean
/**
 * Other GitSources that must be Ready before this one takes a new revision.
 */
dependsOn?: string[]
webhook?: GitWebhook
}
/**
 * What is followed; at most one of these. Default: the branch that the repository itself names (HEAD).
 */
export interface GitRef {
/**
 * The head of this branch, wherever it is moved to.
 */
branch?: string
/**
 * This tag, wherever it is moved to.
 */
tag?: string
/**
 * The newest tag within this range of semantic versions, such as '>=1.2.0 <2.0.0' or '1.x'; a v before the number is allowed.
 */
semver?: string
/**
 * This commit, by its full id.
 */
commit?: string
}
/**
 * Where the secrets are; they are read at each look at the repository and are written nowhere. Changed ones are taken at the next look.
 */
export interface GitCredentials {
/**
 * The user's name for https.
 */
username?: string
password?: SecretSource
/**
 * The private key for ssh, without a passphrase: a path. No other key is tried then.
 */
identityFile?: string
/**
 * Whose host keys are believed for ssh: a path. Default: the user's own.
 */
knownHostsFile?: string
}
/**
 * Where a secret stands: exactly one of these. A password or token for https is shown to the host of the url alone. The secret of a webhook is what the server signs its requests with (GitHub, Gitea, Forgejo), or sends along (GitLab).
 */
export interface SecretSource {
/**
 * A path; a line break at the file's end is left out.
 */
file?: string
/**
 * A variable of the controller's environment.
 */
env?: string
}
/**
 * Takes a revision only if it is signed by somebody who is allowed to. Signatures are those of ssh keys.
 */
export interface GitVerification {
/**
 * What must be signed: the commit, or the tag (then ref is a tag or semver).
 */
mode?: ("Commit" | "Tag")
/**
 * A file as ssh-keygen(1) describes it under ALLOWED SIGNERS: a path.
 */
allowedSigners: string
}
/**
 * Lets a server say that something was pushed: POST /hooks/gitsource/NAME. Without it there is no such address.
 */
export interface GitWebhook {
secret: SecretSource
}
/**
 * What became of the repository.
 */
export interface GitSourceStatus {
/**
 * The generation of the spec that this status speaks of.
 */
observedGeneration: number
/**
 * The facts: Ready, Reconciling, Stalled, and SourceVerified where signatures are asked for.
 */
conditions: Condition[]
/**
 * What is in force, such as main@sha1:3f2a….
 */
revision?: string
/**
 * What was fetched last and not taken.
 */
attemptedRevision?: string
/**
 * Who signed what is in force.
 */
signer?: string
/**
 * Since when that revision is in force.
 */
takenAt?: string
/**
 * When the last look at the repository ended.
 */
lookedAt?: string
/**
 * When the next one is due.
 */
nextLookAt?: string
/**
 * Looks in a row that failed.
 */
failures: number
/**
 * The last request of 'muxlet reconcile' that was answered.
 */
lastHandledReconcileAt?: string
/**
 * What the revision in force holds.
 */
objects: SourceObject[]
/**
 * What is not in the repository any more and was kept, since prune is false.
 */
kept: SourceObject[]
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
 * An object that came from the repository.
 */
export interface SourceObject {
/**
 * Its kind.
 */
kind: string
/**
 * Its name.
 */
name: string
/**
 * Its file, from the folder that spec.path names.
 */
file: string
}
