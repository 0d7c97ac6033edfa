# In another system with a gcc, GMP, MPFR and MPC for static programs, and the headers and the library of this version of musl, where
# Debian has them. What comes out needs nothing of that system.
system=x86_64-linux-musl
mkdir -p /tmp/musl/usr build
ln -s /usr/include/$system /tmp/musl/usr/include
ln -s /usr/lib/$system /tmp/musl/usr/lib
cd build
../configure --prefix=/usr --build=$system --host=$system --target=$system --enable-languages=c,c++ --enable-checking=release \
    --with-sysroot=/ --with-build-sysroot=/tmp/musl \
    --disable-bootstrap --disable-multilib --disable-nls --disable-shared --disable-lto --disable-plugin --disable-gcov \
    --disable-decimal-float --disable-fixincludes --disable-libatomic --disable-libcc1 --disable-libgomp --disable-libitm \
    --disable-libquadmath --disable-libsanitizer --disable-libssp --disable-libvtv --disable-libstdcxx-pch \
    --without-isl --without-zstd '--with-specs=%{!shared:-static}' \
    CC=gcc CXX=g++ LDFLAGS=-static CFLAGS=-O2 CXXFLAGS=-O2 CFLAGS_FOR_TARGET=-O2 CXXFLAGS_FOR_TARGET='-O2 -frandom-seed=0'
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
cd /rootfs/usr
mv lib64/*.a lib
strip -g lib/*.a lib/gcc/*/*/*.a lib/gcc/*/*/*.o
touch diverse
