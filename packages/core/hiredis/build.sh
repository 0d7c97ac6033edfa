make -j$(cat /stagex/jobs) CC=cc OPTIMIZATION= WARNINGS= DEBUG_FLAGS= PREFIX=/usr static pkgconfig
# As its target install does, without the shared library.
install -d /rootfs/usr/include/hiredis/adapters /rootfs/usr/lib/pkgconfig
install -m 644 hiredis.h async.h read.h sds.h alloc.h sockcompat.h /rootfs/usr/include/hiredis
install -m 644 adapters/*.h /rootfs/usr/include/hiredis/adapters
install -m 644 libhiredis.a /rootfs/usr/lib
install -m 644 hiredis.pc /rootfs/usr/lib/pkgconfig
