# What packages with a configure script of autoconf and a makefile of automake have in common; options are its arguments.
./configure --prefix=/usr --disable-nls --disable-dependency-tracking --disable-shared CFLAGS= "$@"
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
# No documentation; and what libtool notes of libraries names folders, which pkg-config and a linker of static libraries do without.
rm -rf /rootfs/usr/share
rm -f /rootfs/usr/lib/*.la
