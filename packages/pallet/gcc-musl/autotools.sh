# What packages with a configure script of autoconf and a makefile of automake have in common; options are its arguments.
# Of -s alone libtool would not tell the linker.
./configure --prefix=/usr --disable-nls --disable-dependency-tracking --enable-shared --disable-static CFLAGS=-O2 CXXFLAGS=-O2 LDFLAGS=-Wl,-s "$@"
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
# No documentation; and what libtool notes of libraries names folders, which pkg-config does without.
rm -rf /rootfs/usr/share
rm -f /rootfs/usr/lib/*.la
