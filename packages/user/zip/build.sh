make -f unix/Makefile generic
make -f unix/Makefile install prefix=/rootfs/usr
rm -rf /rootfs/usr/man
strip /rootfs/usr/bin/*
