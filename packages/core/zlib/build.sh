CC=cc CFLAGS=-O2 LDFLAGS=-s ./configure --prefix=/usr --sharedlibdir=/usr/lib
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
rm -r /rootfs/usr/share /rootfs/usr/lib/libz.a
