#!/bin/sh
# The two Debian packages (make deb), unpacked and used, and TAP:
#   BUILD=build/gcc sh tests/lint/packages.sh
set -u
build=${BUILD:-build/gcc}
case $build in /*) ;; *) build=$PWD/$build ;; esac
work=$(mktemp -d) || exit 70
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
status=0

# is NAME COMMAND...: the command succeeds
is() {
	name=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		sed 's/^/#   /' "$work/said" | tail -20
		status=1
	fi
}

packed() {
	make --no-print-directory -s B="$build" install DESTDIR="$work/tree" \
	    PREFIX=/usr &&
	    sh src/deb.sh "$build" "$work/tree" "$work" &&
	    for file in "$work"/*.deb; do
		dpkg-deb -x "$file" "$work/root" &&
		dpkg-deb -e "$file" "$work/root/DEBIAN-${file##*/}" || return 1
	    done
}
is "two packages are made" packed
root=$work/root
PATH=$root/usr/bin:$PATH
export PATH

same_version() {
	version=$(sed -n 's/^Version: //p' "$root"/DEBIAN-fengqiao_*/control)
	[ "$(fengqiao --version)" = "fengqiao $version" ] &&
	    [ "$(fengqiaod --version)" = "fengqiaod $version" ]
}
is "programs and packages have one version" same_version
is "the definitions come with the client and load" \
    fengqiao check-screens "$root/usr/share/fengqiao/screens"

# what a program is linked with is what its package asks for
asked_for() {
	for file in "$root"/usr/bin/*; do
		case $file in *d) package=fengqiao-server_ ;; *) package=fengqiao_ ;; esac
		for library in $(readelf -d "$file" |
		    sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
			path=$(ldd "$file" | awk -v l="$library" '$1 == l { print $3 }')
			owner=$(dpkg -S "$path" "$(readlink -f "$path")" \
			    "${path#/usr}" 2>/dev/null | sed 's/:.*//' | head -1)
			grep -q "^Depends:.*\<$owner\>" \
			    "$root/DEBIAN-$package"*/control ||
			    { echo "$file: $library ($owner)"; return 1; }
		done
	done
	grep -q '^Depends:.*libcurl4' "$root"/DEBIAN-fengqiao_*/control
}
is "each library is asked for" asked_for

units=$root/usr/lib/systemd/system
starts() {
	for program in $(sed -n 's/^ExecStart=\(\/usr\/[^ ]*\).*/\1/p' \
	    "$units"/*.service); do
		[ -x "$root$program" ] || { echo "$program"; return 1; }
	done
	sed -n 's/^ExecStart=[^ ]* //p' "$units/fengqiaod.service" |
	    grep -qx 'serve --data /var/lib/fengqiao'
}
is "what the units start is in the package" starts

# T34: whoever is in one of the processes can do nothing with the machine; each
# line that takes something away is there, and systemd reads it as we do
kept_in() {
	for unit in fengqiaod fengqiaod-backup; do
		for line in User=fengqiao Group=fengqiao UMask=0077 \
		    NoNewPrivileges=yes CapabilityBoundingSet= \
		    ProtectSystem=strict ProtectHome=yes PrivateTmp=yes \
		    PrivateDevices=yes ProtectClock=yes ProtectHostname=yes \
		    ProtectKernelLogs=yes ProtectKernelModules=yes \
		    ProtectKernelTunables=yes ProtectControlGroups=yes \
		    ProtectProc=invisible ProcSubset=pid \
		    RestrictNamespaces=yes RestrictRealtime=yes \
		    RestrictSUIDSGID=yes LockPersonality=yes \
		    MemoryDenyWriteExecute=yes RemoveIPC=yes LimitCORE=0 \
		    SystemCallArchitectures=native \
		    SystemCallFilter=@system-service; do
			grep -qxF -- "$line" "$units/$unit.service" ||
			    { echo "$unit: no $line"; return 1; }
		done
	done
	grep -qx 'StateDirectoryMode=0700' "$units/fengqiaod.service" &&
	    grep -qx 'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX' \
	        "$units/fengqiaod.service" &&
	    grep -qx 'PrivateNetwork=yes' "$units/fengqiaod-backup.service" ||
	    { echo "a folder or a line more"; return 1; }
	# nothing gives it back
	! grep -E '^(BindPaths|AmbientCapabilities|SupplementaryGroups)=|^SystemCallFilter=[^@]|^ExecStart[A-Za-z]*=[+!-]' \
	    "$units"/*.service &&
	    ! grep '^ReadWritePaths=' "$units"/*.service |
	        grep -v '=/var/lib/fengqiao$'
}
is "T34 the services may touch their folder and the port" kept_in
exposed() {
	for unit in "$units"/*.service; do
		systemd-analyze security --offline=true --threshold=25 \
		    "$unit" || return 1
	done
}
if systemd-analyze security --help 2>/dev/null | grep -q -e --offline; then
	is "T34 systemd finds little exposed" exposed
fi

# the line that the timer runs, as systemd would give it to the shell
nightly=$(sed -n '/^ExecStart=/,/[^\\]$/p' "$units/fengqiaod-backup.service" |
    sed "s/^ExecStart=[^']*'//; s/'\$//; s/\\\\\$//; s/\\\$\\\$/\$/g; s/%%/%/g" |
    tr -d '\n')
DATA=$work/data
export DATA
nights() {
	fengqiaod init --data "$DATA" --county 990101 --name 枫桥县 &&
	    mkdir "$DATA/backups" || return 1
	for day in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15; do
		echo old >"$DATA/backups/202601$day-013000.db"
	done
	sh -ec "$nightly" || return 1
	[ "$(find "$DATA/backups" -name '*.db' | wc -l)" -eq 14 ] &&
	    [ ! -e "$DATA/backups/20260102-013000.db" ] &&
	    [ -e "$DATA/backups/20260103-013000.db" ] || return 1
	fengqiaod restore --data "$DATA" "$(find "$DATA/backups" |
	    sort | tail -1)"
}
is "a night's backup is a ledger, the oldest of fifteen goes" nights
# whole pages, for a few bytes may lie where SQLite keeps nothing
broken() {
	yes nothing | dd of="$DATA/ledger.db" bs=4096 seek=1 count=8 \
	    iflag=fullblock conv=notrunc 2>/dev/null
	! sh -ec "$nightly"
}
is "a night that finds the ledger broken fails" broken
exit $status
