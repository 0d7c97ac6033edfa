make -j$(cat /stagex/jobs) CC=cc CFLAGS=-DLUA_USE_POSIX posix
make install INSTALL_TOP=/rootfs/usr
rm -rf /rootfs/usr/man /rootfs/usr/share /rootfs/usr/lib/lua
