# With gdb's extensions the build's folder would be in the result.
./configure --prefix=/usr --disable-gdb CFLAGS=-O2
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
rm -rf /rootfs/usr/share
