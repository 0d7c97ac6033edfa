make -j$(cat /stagex/jobs) CC=cc CFLAGS='-O2 -fpic -DLUA_USE_LINUX' MYLDFLAGS=-s linux
make install INSTALL_TOP=/rootfs/usr
rm -rf /rootfs/usr/man /rootfs/usr/share /rootfs/usr/lib/lua
