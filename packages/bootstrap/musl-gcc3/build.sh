./configure --prefix=/usr --disable-shared
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
