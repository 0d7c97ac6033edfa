# What makes one file of the many is written in Tcl, and so is configure: autosetup brings an interpreter in C for both.
./configure --prefix=/usr --disable-static --disable-tcl --soname=legacy --with-readline-ldflags=-lreadline CFLAGS=-O2 LDFLAGS=-s
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
rm -rf /rootfs/usr/share
