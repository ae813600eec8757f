#!/bin/sh
# A machine with systemd as its process 1: processes, mounts, control groups, a name and /run of its own. The files are
# this machine's; units are only those that are named here, so that nothing of this machine is started or cleared up in it.
# machine.sh GROUP FOLDER: moves into the control group, then into namespaces. Begins anew when it is run anew.
set -eu
if [ "${3:-}" = inside ]; then
  own() { mount -t tmpfs -o mode=755 tmpfs "$1"; }
  own /run
  own /var/log
  mkdir -p /run/lock /run/given
  mount --bind /lib/systemd/system /run/given
  own /lib/systemd/system
  own /lib/systemd/system-generators
  cd /lib/systemd/system
  for unit in sysinit basic multi-user shutdown umount final reboot network network-online local-fs swap slices paths timers sockets; do
    cp -P "/run/given/$unit.target" .
  done
  for unit in systemd-journald.service systemd-journald.socket systemd-reboot.service; do cp -P "/run/given/$unit" .; done
  umount /run/given
  mkdir basic.target.wants
  for unit in socket service; do ln -s "../systemd-journald.$unit" basic.target.wants/; done
  # The kernel and its consoles are everybody's.
  for file in /dev/console /dev/kmsg; do mount --bind /dev/null "$file"; done
  { cat /etc/passwd; echo "agents:x:64123:64123::$2/agents:/bin/sh"; } >/run/passwd
  { cat /etc/group; echo 'agents:x:64123:'; } >/run/group
  for file in passwd group; do mount --bind "/run/$file" "/etc/$file"; done
  # Wherever the program lies, other accounts can read it.
  mkdir /run/muxlet
  mount --bind "$4" /run/muxlet
  : >/run/node
  mount --bind "$5" /run/node
  mount --bind "$2/units" /etc/systemd/system
  cat /proc/sys/kernel/random/uuid >/run/boot_id
  mount --bind /proc/sys /proc/sys
  mount -o remount,bind,ro /proc/sys
  # The kernel goes on, and a start is a start.
  mount --bind /run/boot_id /proc/sys/kernel/random/boot_id
  # The root of what is mounted from here is the group that this is in.
  if [ -d /sys/fs/cgroup/systemd ]; then hierarchy=systemd; else hierarchy=; fi
  own /sys/fs/cgroup
  if [ "$hierarchy" ]; then
    mkdir "/sys/fs/cgroup/$hierarchy"
    mount -t cgroup -o "none,name=$hierarchy" cgroup "/sys/fs/cgroup/$hierarchy"
  else
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
  fi
  exec env -i container=muxlet "PATH=$PATH" /lib/systemd/systemd --system --unit=multi-user.target --show-status=false
fi
for folder in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  [ -e "$folder/cgroup.procs" ] || continue
  mkdir -p "$folder/$1"
  echo $$ >"$folder/$1/cgroup.procs"
done
exec unshare --mount --propagation private --pid --fork --uts --ipc --cgroup --mount-proc --kill-child \
  sh "$0" "$1" "$2" inside "$3" "$4"
