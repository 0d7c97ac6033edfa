./configure --prefix=/usr
make -j"$(cat /stagex/jobs)"
make -j"$(cat /stagex/jobs)" check
make install DESTDIR=/rootfs
rm /rootfs/usr/lib/*.la
