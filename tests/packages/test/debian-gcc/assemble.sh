#!/bin/sh
# assemble.sh OUTPUT.tar [PACKAGE,...]: a build root with gcc and make, from the distribution's own binary packages, and with more
# of them.
#
# For tests only: these are foreign binaries, which nothing in the distribution may be built with.
# The packages come from where the machine's own apt takes them, unpacked but not configured: no maintainer script
# runs, and what is in the root depends on the packages alone. Works as root, and as a user who has subordinate ids.
set -eu
export LC_ALL=C SOURCE_DATE_EPOCH=1
umask 022

packages=gcc,libc6-dev,make,dash,coreutils,sed,grep,mawk,diffutils,findutils,gzip,tar${2:+,$2}

# What comes with the packages, or from mmdebstrap itself, and no build step needs.
unneeded='
    /boot /dev /home /media /mnt /proc /run /srv /sys /var/cache /var/lib/apt /var/lib/dpkg /var/log
    /etc/alternatives /etc/apt /etc/cron.daily /etc/dpkg /etc/fstab /etc/gprofng.rc /etc/gss /etc/hostname
    /etc/logrotate.d /etc/netconfig /etc/pam.d /etc/resolv.conf /etc/rmt /etc/security /etc/xattr.conf
    /usr/games /usr/share/[!d]* /usr/share/d[!p]* /usr/share/dpkg
    /usr/bin/*lto-dump* /usr/bin/*gold /usr/bin/*dwp /usr/bin/*gprof* /usr/bin/*gp-* /usr/bin/*gcov*
    /usr/lib/*/gconv /usr/lib/*/gprofng /usr/lib/*/libgprofng* /usr/lib/gcc/*/lto1
    /usr/lib/*/lib[alt]san* /usr/lib/*/libhwasan* /usr/lib/*/libubsan* /usr/lib/locale /usr/lib/systemd
'

output=$1
shift $#
. /etc/os-release

scratch=$(mktemp -d)
trap 'rm -rf "$scratch" "$output.$$.part"' EXIT
chmod 755 "$scratch"

# This release's archives, not what else the machine may have in its sources.
apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    grep -E "^deb [^ ]+ $VERSION_CODENAME(-updates|-security)? " | sort -u > "$scratch/sources.list" || true
if ! [ -s "$scratch/sources.list" ]; then
    echo "error: apt on this machine knows no archive of $VERSION_CODENAME; look at /etc/apt/sources.list" >&2
    exit 1
fi

# The way there: proxies, certificates.
apt-config dump --format '%F "%v";%n' Acquire::http Acquire::https > "$scratch/apt.conf"

# Before the first package arrives: merged /usr.
cat > "$scratch/before" <<'END'
set -eu
cd "$1"
for folder in bin lib lib64 sbin; do
    mkdir -p usr/$folder
    ln -s usr/$folder $folder
done
END

# After the last: the little of what maintainer scripts do that builds rely on.
cat > "$scratch/after" <<'END'
set -eu
cd "$1"
ln -s mawk usr/bin/awk
ln -s gcc usr/bin/cc
echo 'root:x:0:0:root:/:/bin/sh' > etc/passwd
echo 'root:x:0:' > etc/group
# Links stay within the root, wherever it is unpacked.
find . -type l -lname '/*' | while read -r link; do
    ln -snf "$(realpath -ms --relative-to="${link%/*}" ".$(readlink "$link")")" "$link"
done
END

if ! mmdebstrap --quiet --variant=extract --format=tar --include=$packages \
    --aptopt="$scratch/apt.conf" --aptopt='Apt::Install-Recommends "false"' \
    --setup-hook="sh '$scratch/before'"' "$1"' --extract-hook="sh '$scratch/after'"' "$1"' \
    "$VERSION_CODENAME" "$scratch/whole.tar" "$scratch/sources.list" > "$scratch/log" 2>&1
then
    tail -n 20 "$scratch/log" >&2
    exit 1
fi

set -f
for path in $unneeded; do
    set -- "$@" --path-exclude="$path" --path-exclude="$path/*"
done
mmtarfilter "$@" < "$scratch/whole.tar" > "$output.$$.part"
mv "$output.$$.part" "$output"
