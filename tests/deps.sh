#!/bin/sh
# Installs the Debian packages named that are missing:  deps.sh PACKAGE...
missing=
for package in "$@"; do
	case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) in
	*"ok installed") ;;
	*) missing="$missing $package" ;;
	esac
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || {
		echo "Please install as root: apt-get install$missing" >&2
		exit 1
	}
	sudo=sudo
fi
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive

# The tests start servers (sshd) of their own: one that comes with a package
# must not run, neither now nor at the next boot.
policy=/usr/sbin/policy-rc.d
if [ -e $policy ]; then
	policy=
else
	printf '#!/bin/sh\nexit 101\n' | ${sudo-} tee $policy >/dev/null
	${sudo-} chmod 755 $policy
fi
done=yes
${sudo-} apt-get update -qq &&
    ${sudo-} apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
    done=no
[ -z "$policy" ] || ${sudo-} rm -f $policy
case "$missing " in
*" openssh-server "*)
	[ ! -d /run/systemd/system ] || ${sudo-} systemctl disable -q ssh
	;;
esac
[ $done = yes ] ||
    { echo "The packages could not be installed:$missing" >&2; exit 1; }
