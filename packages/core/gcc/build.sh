# Programs that it links are position-independent, guard their stack, and bind functions before they start.
# What is not needed to build software with it is left out. The compiler itself is static, as the one that compiles it links.
system=x86_64-linux-musl
mkdir build
cd build
../configure --prefix=/usr --build=$system --host=$system --target=$system --enable-languages=c,c++ --enable-checking=release \
    --disable-bootstrap --disable-multilib --disable-nls --enable-shared --disable-lto --disable-plugin --disable-gcov \
    --disable-decimal-float --disable-fixincludes --disable-libatomic --disable-libcc1 --disable-libgomp --disable-libitm \
    --disable-libquadmath --disable-libsanitizer --disable-libssp --disable-libvtv --disable-libstdcxx-pch \
    --without-isl --without-zstd --enable-default-pie --enable-default-ssp '--with-specs=%{!static:%{!static-pie:-z now}}' \
    CC=gcc CXX=g++ CFLAGS=-O2 CXXFLAGS=-O2 CFLAGS_FOR_TARGET=-O2 CXXFLAGS_FOR_TARGET='-O2 -frandom-seed=0'
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
cd /rootfs/usr
mv lib64/* lib
rm -rf lib64 share bin/$system-* bin/gcc-* lib/*.la lib/*.py lib/gcc/*/*/install-tools lib/gcc/*/*/plugin libexec/gcc/*/*/install-tools
strip bin/* libexec/gcc/*/*/cc1 libexec/gcc/*/*/cc1plus libexec/gcc/*/*/collect2 libexec/gcc/*/*/lto-wrapper lib/*.so.*.*.* lib/libgcc_s.so.1
ln -s gcc bin/cc
# What debuggers read names the folder of the build.
strip -g lib/*.a lib/gcc/*/*/*.a lib/gcc/*/*/*.o
mkdir -p /rootfs-lib/usr/lib
cp -P lib/libstdc++.so.* lib/libgcc_s.so.1 /rootfs-lib/usr/lib
