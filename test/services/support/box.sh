#!/bin/sh
# A machine of its own for systemd's user manager and journal: /run, processes and a control group, all its own.
# box.sh GROUP FOLDER: moves into the control group, then into namespaces. All in it ends with its first process.
set -eu
if [ "${3:-}" = inside ]; then
  mount -t tmpfs -o mode=755 tmpfs /run
  mount -t tmpfs -o mode=755 tmpfs /var/log
  mkdir -p /run/systemd/system /run/systemd/journal /run/lock /run/log/journal "$XDG_RUNTIME_DIR"
  chmod 700 "$XDG_RUNTIME_DIR"
  /lib/systemd/systemd-journald >"$2/journald.log" 2>&1 &
  /lib/systemd/systemd --user >"$2/manager.log" 2>&1 &
  exec sleep infinity
fi
for folder in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  [ -e "$folder/cgroup.procs" ] || continue
  mkdir -p "$folder/$1"
  echo $$ >"$folder/$1/cgroup.procs"
done
exec unshare --mount --propagation private --pid --fork --mount-proc --kill-child sh "$0" "$1" "$2" inside
