# What is not needed to build software with it is left out. Executables are static, as musl's library here is.
system=x86_64-linux-musl
mkdir build
cd build
../configure --prefix=/usr --build=$system --host=$system --target=$system --enable-languages=c,c++ --enable-checking=release \
    --disable-bootstrap --disable-multilib --disable-nls --disable-shared --disable-lto --disable-plugin --disable-gcov \
    --disable-decimal-float --disable-fixincludes --disable-libatomic --disable-libcc1 --disable-libgomp --disable-libitm \
    --disable-libquadmath --disable-libsanitizer --disable-libssp --disable-libvtv --disable-libstdcxx-pch \
    --without-isl --without-zstd '--with-specs=%{!shared:-static}' \
    CC=gcc CXX=g++ CFLAGS=-O2 CXXFLAGS=-O2 CFLAGS_FOR_TARGET=-O2 CXXFLAGS_FOR_TARGET='-O2 -frandom-seed=0'
make -j$(cat /stagex/jobs)
