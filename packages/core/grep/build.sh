./configure --prefix=/usr --disable-nls --disable-dependency-tracking --disable-shared --disable-perl-regexp CFLAGS=
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
rm -rf /rootfs/usr/share
