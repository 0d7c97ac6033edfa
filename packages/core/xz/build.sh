set -- --disable-doc --disable-scripts
. /stagex/autotools.sh
mkdir -p /rootfs-lib/usr/lib
cp -P /rootfs/usr/lib/liblzma.so.* /rootfs-lib/usr/lib
