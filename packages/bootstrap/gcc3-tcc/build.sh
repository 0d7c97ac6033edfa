# gcc calls any C library of Linux's by this name.
system=x86_64-linux-gnu
CC=cc CFLAGS= ./configure --prefix=/usr --build=$system --host=$system --target=$system --enable-languages=c \
    --disable-shared --disable-threads --disable-multilib --disable-nls --disable-checking
make -j$(cat /stagex/jobs) CFLAGS=
make DESTDIR=/rootfs install
cd /rootfs/usr
ln -s gcc bin/cc
rm -rf bin/gccbug bin/gcov bin/$system-* include info man share lib/libiberty.a lib/gcc/*/*/libgcov.a
rm -rf lib/gcc/*/*/install-tools libexec/gcc/*/*/install-tools
# What debuggers read names the folder of the build.
strip -g lib/gcc/*/*/*.a lib/gcc/*/*/*.o
