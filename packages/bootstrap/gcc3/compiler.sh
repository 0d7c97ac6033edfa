# The compilers alone. gcc calls any C library of Linux's by this name.
system=x86_64-linux-gnu
mkdir /build
cd /build
CC=gcc CFLAGS=-O2 /src/gcc/configure --prefix=/usr --build=$system --host=$system --target=$system --enable-languages=c,c++ \
    --disable-shared --disable-threads --disable-multilib --disable-nls --disable-checking
make -j$(cat /stagex/jobs) CFLAGS=-O2 all-gcc
make DESTDIR=/rootfs install-gcc
