set -- CC='cc -s' CFLAGS=-O2 PREFIX=/usr BUILD_STATIC=no
make -j$(cat /stagex/jobs) "$@" lib lz4
make "$@" DESTDIR=/rootfs install
rm -rf /rootfs/usr/share
