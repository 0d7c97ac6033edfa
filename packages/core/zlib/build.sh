CC=cc CFLAGS= ./configure --static --prefix=/usr
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
rm -rf /rootfs/usr/share/man
