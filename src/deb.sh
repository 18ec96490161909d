#!/bin/sh
# Writes two Debian packages of what is built:  deb.sh BUILD TREE OUT
#   BUILD   where the programs are, e.g. build/gcc
#   TREE    what "make install DESTDIR=TREE PREFIX=/usr" put there; it is taken
#           apart: the office's computers get fengqiao, the county's machine
#           fengqiao-server
#   OUT     the folder for the packages
# What they need of other packages is read from the programs themselves.
set -eu
build=${1:?usage: deb.sh BUILD TREE OUT} tree=$2 out=$3
here=$(dirname "$0")
version=$(sed -n 's/^#define FENGQIAO_VERSION "\(.*\)"/\1/p' \
    "$here/../include/base/version.h")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

# The libraries a program is linked with, as "libc6 (>= 2.36), ..."
needs() {
	mkdir -p "$work/debian"
	: >"$work/debian/control"
	(cd "$work" && dpkg-shlibdeps -O "$1" 2>/dev/null) |
	    sed 's/^shlibs:Depends=//'
}

# control PACKAGE NEEDS SHORT LONG
control() {
	mkdir -p "$work/$1/DEBIAN"
	cat >"$work/$1/DEBIAN/control" <<END
Package: $1
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: Fengqiao <root@localhost>
Section: misc
Priority: optional
Installed-Size: $(du -sk "$work/$1" | cut -f1)
Depends: $2
Description: $3
 $4
END
	(cd "$work/$1" && find usr -type f -exec md5sum {} + | sort -k 2) \
	    >"$work/$1/DEBIAN/md5sums"
	dpkg-deb --root-owner-group --build "$work/$1" \
	    "$out/${1}_${version}_$(dpkg --print-architecture).deb" >/dev/null
}

build=$(cd "$build" && pwd)
mkdir -p "$out" "$work/fengqiao" "$work/fengqiao-server/usr/bin" \
    "$work/fengqiao-server/usr/share/man/man8"
mv "$tree/usr/bin/fengqiaod" "$work/fengqiao-server/usr/bin/"
mv "$tree/usr/share/man/man8/fengqiaod.8" \
    "$work/fengqiao-server/usr/share/man/man8/"
rmdir "$tree/usr/share/man/man8"
mv "$tree/usr" "$work/fengqiao/"
for package in fengqiao fengqiao-server; do
	find "$work/$package" -name 'fengqiao*.[18]' -exec gzip -9n {} +
	strip "$work/$package"/usr/bin/*
done

# libcurl is loaded by name when it is needed, so the program does not show it
control fengqiao "$(needs "$build/fengqiao"), libcurl4" \
    "registers of a township judicial office (client)" \
    "Lists and forms in a terminal on a sealed local cache, offline too."

mkdir -p "$work/fengqiao-server/usr/lib/systemd/system" \
    "$work/fengqiao-server/usr/lib/sysusers.d" "$work/fengqiao-server/DEBIAN"
cp "$here"/server/fengqiaod.service "$here"/server/fengqiaod-backup.service \
    "$here"/server/fengqiaod-backup.timer \
    "$work/fengqiao-server/usr/lib/systemd/system/"
echo 'u fengqiao - "Fengqiao" /var/lib/fengqiao' \
    >"$work/fengqiao-server/usr/lib/sysusers.d/fengqiao.conf"
# Nothing is started: a county is set up first (fengqiaod.8, SETTING UP).
cat >"$work/fengqiao-server/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
	getent passwd fengqiao >/dev/null ||
	    useradd --system --user-group --home-dir /var/lib/fengqiao \
	        --shell /usr/sbin/nologin fengqiao
	install -d -m 700 -o fengqiao -g fengqiao /var/lib/fengqiao
	[ ! -d /run/systemd/system ] || {
		systemctl daemon-reload
		systemctl try-restart fengqiaod.service
	}
fi
END
chmod 755 "$work/fengqiao-server/DEBIAN/postinst"
control fengqiao-server "$(needs "$build/fengqiaod"), passwd" \
    "registers of township judicial offices (the county's server)" \
    "Keeps the ledger of a county's offices and syncs their caches over HTTPS."
