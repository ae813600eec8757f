#!/bin/sh
# The first process of a box (box.mjs starts it in namespaces of its own): arranges the mounts and the network, runs the
# command, and takes in the processes whose parents have ended, as a first process must. When it ends, for whatever
# reason, the kernel kills everything else in the box.
# Usage: init.sh STAGE [KEPT_DIRECTORY_UNDER_TMP...] -- COMMAND [ARGUMENT...]
set -eu

stage=$1
shift
# Nobody else is in it, and Gemini CLI reads no settings below a directory that others may write to.
mount -t tmpfs -o mode=0755 muxlet-box "$stage"
while [ "$1" != -- ]; do
  mkdir -p "$stage${1#/tmp}"
  mount --rbind "$1" "$stage${1#/tmp}"
  shift
done
shift
mount --rbind "$stage" /tmp
# The directory one stands in is still the one below the new mount.
cd "$(pwd)" 2>/dev/null || cd /
unset OLDPWD

# Without iproute2 root can do it through the interface's own file, in a sysfs that shows this namespace's interfaces.
if ! ip link set lo up 2>/dev/null; then
  mkdir /tmp/sys
  mount -t sysfs muxlet-box /tmp/sys
  if ! { echo 0x9 >/tmp/sys/class/net/lo/flags; } 2>/dev/null; then
    echo "muxlet: needs ip (iproute2) to bring up a box's loopback" >&2
    exit 1
  fi
  umount /tmp/sys
  rmdir /tmp/sys
fi

mkdir -p "$HOME"
set +e
"$@" &
wait $!
exit $?
