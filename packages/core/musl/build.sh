CC=gcc LDFLAGS='-s -Wl,-z,now' ./configure --prefix=/usr --syslibdir=/usr/lib
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
mkdir -p /rootfs-lib/usr/lib
cp -P /rootfs/usr/lib/libc.so /rootfs/usr/lib/ld-musl-x86_64.so.1 /rootfs-lib/usr/lib
