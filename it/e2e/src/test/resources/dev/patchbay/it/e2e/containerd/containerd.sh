#!/bin/sh
# containerd.sh FOLDER LAB BIN CONF: Debian's containerd in a PID namespace and a mount namespace of its own, which end with this shell,
# their process 1: with it go shims, containers and all that was mounted. It sees a node's plugins and configuration where ctr
# always looks for them, whatever the machine has there.
set -eu
folder=$1 lab=$2 bin=$3 conf=$4

mkdir -p "$folder/lab" "$folder/layers"
mount -t tmpfs tmpfs "$folder/layers"
for each in /etc /opt /var/lib; do
  mkdir -p "$folder/layers$each/upper" "$folder/layers$each/work"
  mount -t overlay -o "lowerdir=$each,upperdir=$folder/layers$each/upper,workdir=$folder/layers$each/work" overlay "$each"
done
# Empty, but for the lab, whose folder has the daemon's socket.
mount --bind "$lab" "$folder/lab"
mount -t tmpfs tmpfs /run
mkdir -p "$lab" /run/netns
mount --move "$folder/lab" "$lab"

mkdir -p /opt/cni/bin /etc/cni/net.d
mount --bind "$bin" /opt/cni/bin
mount --bind "$conf" /etc/cni/net.d
# Not exec: somebody must reap the shims, whose parents leave them.
containerd -c "$folder/config.toml" &
wait $!
