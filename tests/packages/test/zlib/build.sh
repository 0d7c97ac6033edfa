./configure --prefix=/usr
make -j"$(cat /stagex/jobs)"
make test
make install DESTDIR=/rootfs
