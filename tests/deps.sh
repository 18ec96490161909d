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
${sudo-} apt-get update -qq &&
    ${sudo-} apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
    { echo "The packages could not be installed:$missing" >&2; exit 1; }
