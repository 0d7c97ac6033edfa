./configure --prefix=/usr --disable-nls --disable-dependency-tracking --disable-shared --without-readline CFLAGS=
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
rm -rf /rootfs/usr/share
