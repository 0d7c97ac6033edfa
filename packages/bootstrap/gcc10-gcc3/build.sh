# What is not needed to build this compiler again is left out, and the compiler is not optimised: both would take longer than they save.
# Executables are static, as musl's library here is.
# gcc 3 gives what is in nameless namespaces names with a random number, and the compiler holds the sum of its objects.
system=x86_64-linux-musl
mkdir build
cd build
../configure --prefix=/usr --build=$system --host=$system --target=$system --enable-languages=c,c++ --enable-checking=release \
    --disable-bootstrap --disable-multilib --disable-nls --disable-shared --disable-lto --disable-plugin --disable-gcov \
    --disable-decimal-float --disable-fixincludes --disable-libatomic --disable-libcc1 --disable-libgomp --disable-libitm \
    --disable-libquadmath --disable-libsanitizer --disable-libssp --disable-libvtv --disable-libstdcxx-pch \
    --without-isl --without-zstd '--with-specs=%{!shared:-static}' \
    CC=gcc CXX=g++ CFLAGS=-O0 CXXFLAGS='-O0 -frandom-seed=0' CFLAGS_FOR_TARGET=-O2 CXXFLAGS_FOR_TARGET='-O2 -frandom-seed=0'
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
cd /rootfs/usr
mv lib64/*.a lib
rm -rf lib64 share bin/$system-* bin/gcc-* lib/*.la lib/gcc/*/*/install-tools lib/gcc/*/*/plugin libexec/gcc/*/*/install-tools
strip bin/* libexec/gcc/*/*/cc1 libexec/gcc/*/*/cc1plus libexec/gcc/*/*/collect2 libexec/gcc/*/*/lto-wrapper
ln -s gcc bin/cc
# What debuggers read names the folder of the build.
strip -g lib/*.a lib/gcc/*/*/*.a lib/gcc/*/*/*.o
