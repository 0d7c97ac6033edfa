./configure --prefix=/usr
# The flags that configure chooses would leave the build's folder in the result.
make -j$(cat /stagex/jobs) CFLAGS=-O2 LDFLAGS=-s
make DESTDIR=/rootfs install
rm -rf /rootfs/usr/share
