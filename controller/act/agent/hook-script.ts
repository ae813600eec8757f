/**
 * The program that an agent's hooks call. It appends one record, `RS <ms since the epoch> <payload> LF`, in one write to
 * a file opened for appending, so that records of hooks that run at the same time stay whole. The payload is its last
 * argument if it has one, else its standard input. It says nothing and never fails, whatever happens: an agent takes
 * what a hook prints for input, and a failing hook for a refusal. No daemon is needed: nothing is lost while the
 * controller is down.
 *
 * A process that another run started (its children live on, or it stands in another agent) is not this agent's: its
 * records are dropped, by MUXLET_RUN. A program that an agent itself starts inherits MUXLET_RUN; what its hooks say
 * bears another session's id, and who reads them tells it by that.
 */
export function hookScript(run: string, records: string): string {
  return `#!/bin/sh
# muxlet: appends what an agent's hook is told to a file. Written anew at each start of the agent.
exec 2>/dev/null
umask 077
[ "\${MUXLET_RUN:-${run}}" = '${run}' ] || exit 0
file=${shellWord(records)}
at=$(date +%s%3N)
case $at in *[!0-9]* | '') at=$(date +%s)000 ;; esac
if [ $# -gt 0 ]; then
  for payload; do :; done
else
  payload=$(cat)
fi
record() { printf '\\036%s %s\\n' "$at" "$payload"; }
[ -d "\${file%/*}" ] || exit 0
# dd gathers all of it before it writes once; where it does not know how, the shell writes.
record | dd of="$file" iflag=fullblock bs=64M count=1 oflag=append conv=notrunc status=none || record >>"$file"
exit 0
`;
}

/** One word for sh. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
