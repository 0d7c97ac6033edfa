# Debian's archive is without the manual, from which the examples come.
mkdir doc/figs
touch -d @1 doc/figs/example.txt doc/figs/example-reduce.txt doc/figs/example-shift.txt doc/bison.texi doc/bison.info doc/bison.info.bak
# Without the name of the system it is taken for one of glibc, whose iconv does not write "*" for what it cannot convert.
./configure --build=x86_64-linux-musl --prefix=/usr --disable-nls --disable-dependency-tracking CFLAGS=
make -j$(cat /stagex/jobs) extract=true INFO_DEPS=
make DESTDIR=/rootfs extract=true INFO_DEPS= install
rm -rf /rootfs/usr/share/doc /rootfs/usr/share/info /rootfs/usr/share/man /rootfs/usr/share/aclocal
