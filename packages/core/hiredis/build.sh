set -- CC=cc OPTIMIZATION=-O2 WARNINGS= DEBUG_FLAGS= LDFLAGS=-s PREFIX=/usr
make -j$(cat /stagex/jobs) "$@" dynamic static pkgconfig
make DESTDIR=/rootfs "$@" install
rm /rootfs/usr/lib/*.a
