# With empty flags it would choose -g, and the build's folder would be in the result.
./configure --prefix=/usr --disable-nls --disable-dependency-tracking --disable-shared --with-curses CFLAGS=-O2
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
rm -rf /rootfs/usr/share
