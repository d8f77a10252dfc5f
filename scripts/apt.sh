# Sourced by the scripts here: installing on Debian and Ubuntu.

# apt_install PACKAGE... is false where apt-get cannot be used or does not have them.
apt_install() {
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
	echo "installing $*" >&2
	export DEBIAN_FRONTEND=noninteractive
	apt-get -o DPkg::Lock::Timeout=120 install -y -q --no-install-recommends "$@" >&2 </dev/null && return
	apt-get update -q >&2 </dev/null && apt-get -o DPkg::Lock::Timeout=120 install -y -q --no-install-recommends "$@" >&2 </dev/null
}
