./configure --prefix=/usr --disable-shared --disable-dependency-tracking CC='gcc -std=gnu99' CFLAGS=-O2
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
rm -rf /rootfs/usr/share /rootfs/usr/lib/pkgconfig /rootfs/usr/lib/*.la
