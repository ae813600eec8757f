#!/bin/sh
# Measures this machine every few seconds and commits the measurements. May be killed at any moment and started again.
set -u
cd "$(dirname "$0")" || exit 1
. ./repository.sh

KEEP_LINES=100
KEEP_COMMITS=200
HEADER='time,load,memory used %,disk used %'
csv=$GIT_WORK_TREE/measurements.csv

measure_load() {
  if [ -r /proc/loadavg ]; then
    read -r load _ < /proc/loadavg
  else
    load=$(uptime)
    load=${load##*average*: }
    load=${load%%[, ]*}
  fi
}

# Empty where the system does not say.
measure_memory() {
  total='' available='' memory=''
  [ -r /proc/meminfo ] || return 0
  while read -r name amount _; do
    case $name in
      MemTotal:) total=$amount ;;
      MemAvailable:) available=$amount ;;
    esac
  done < /proc/meminfo
  [ -n "$total" ] && [ -n "$available" ] && memory=$(((total - available) * 100 / total))
}

measure_disk() {
  disk=$(df -P "$GIT_WORK_TREE" | tail -n 1)
  disk=${disk%%%*}
  disk=${disk##* }
}

open_repository() {
  make_folder
  [ -f "$GIT_DIR/HEAD" ] && return 0
  say "new repository $GIT_WORK_TREE"
  git init --quiet
  git symbolic-ref HEAD refs/heads/main
  git config user.name writer
  git config user.email writer@example.invalid
  git config gc.auto 0
}

# A git that is at work here is done in milliseconds: a lock that is still there after a pause belongs to one that was
# killed.
clear_locks() {
  for lock in "$GIT_DIR"/*.lock "$GIT_DIR"/refs/heads/*.lock "$GIT_DIR"/gc.pid; do
    [ -e "$lock" ] || continue
    sleep 2
    [ -e "$lock" ] || continue
    rm -f "$lock"
    say "removed $(basename "$lock"), left by a git that was killed"
  done
}

write_measurements() {
  {
    printf '%s\n' "$HEADER"
    { [ -f "$csv" ] && tail -n +2 "$csv" | tail -n $((KEEP_LINES - 1)); } 2> /dev/null
    printf '%s,%s,%s,%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$load" "$memory" "$disk"
  } | replace "$csv"
}

commit() {
  git add measurements.csv && git commit --quiet --no-verify --no-gpg-sign -m "$1"
}

# One commit takes the place of all that came before it, and what is no longer needed goes.
shorten_history() {
  [ "$(git rev-list --count HEAD)" -ge "$KEEP_COMMITS" ] || return 0
  squashed=$(git commit-tree 'HEAD^{tree}' -m "$KEEP_COMMITS commits in one") || return 1
  git update-ref HEAD "$squashed" && git reflog expire --expire=now --all && git gc --quiet --prune=now || return 1
  say "put $KEEP_COMMITS commits into one"
}

failures=0 problem=''
open_repository
clear_locks
while :; do
  open_repository
  measure_load
  measure_memory
  measure_disk
  summary="load $load${memory:+, memory $memory %}, disk $disk %"
  if write_measurements && problem=$(commit "$summary" 2>&1); then
    failures=0
    say "$(git rev-parse --short HEAD)  $summary"
    shorten_history 2> /dev/null || say 'cannot shorten the history yet'
  else
    failures=$((failures + 1))
    say "cannot commit: $(printf '%s\n' "${problem:-the file cannot be written}" | head -n 1)"
    clear_locks
    # Whatever is wrong with it, a new one is as good.
    [ "$failures" -lt 3 ] || rm -rf "$GIT_DIR"
  fi
  sleep "$pause"
done
