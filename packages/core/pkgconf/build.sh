. /stagex/autotools.sh
ln -s pkgconf /rootfs/usr/bin/pkg-config
