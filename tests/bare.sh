#!/bin/sh
# A folder made by debootstrap and entered with chroot has no /proc and no
# terminals in /dev/pts, and the suites need both.  Mounts what is missing for
# as long as a command runs, and takes it away again:  bare.sh COMMAND...
mounted=
away() {
	for place in $mounted; do
		umount "$place" || umount -l "$place"
	done
}

lend() {	# TYPE PLACE PROOF
	[ -e "$3" ] && return 0
	if [ "$(id -u)" -eq 0 ] && mkdir -p "$2" && mount -t "$1" "$1" "$2"
	then
		mounted="$mounted $2"
	else
		echo "The tests need $2: mount -t $1 $1 $2" >&2
	fi
}

trap away EXIT
trap 'exit 130' HUP INT TERM
lend proc /proc /proc/self/stat
lend devpts /dev/pts /dev/pts/ptmx
"$@"
