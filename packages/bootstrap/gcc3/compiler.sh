# The compilers alone. gcc calls any C library of Linux's by this name.
system=x86_64-linux-gnu
mkdir build
cd build
CC=gcc CFLAGS=-O2 ../configure --prefix=/usr --build=$system --host=$system --target=$system --enable-languages=c,c++ \
    --disable-shared --disable-threads --disable-multilib --disable-nls --disable-checking --disable-libstdcxx-pch
make -j$(cat /stagex/jobs) CFLAGS=-O2 all-gcc
make DESTDIR=/rootfs install-gcc
# As in the one that compiled it: what is linked from here is compared.
strip -g /rootfs/usr/lib/gcc/*/*/*.a /rootfs/usr/lib/gcc/*/*/*.o
