./configure --prefix=/usr --disable-nls --without-bash-malloc --with-curses --with-installed-readline CFLAGS=-O2 LDFLAGS=-s
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
rm -rf /rootfs/usr/share /rootfs/usr/include /rootfs/usr/lib
