# Programs that it links are position-independent, guard their stack, and bind functions before they start.
# The compiler itself is static, as the one that compiles it links.
. /stagex/gcc.sh
shared=--enable-shared
compile --enable-default-pie --enable-default-ssp '--with-specs=%{!static:%{!static-pie:-z now}}' \
    CC=gcc CXX=g++ CFLAGS=-O2 CXXFLAGS=-O2 CFLAGS_FOR_TARGET=-O2 CXXFLAGS_FOR_TARGET='-O2 -frandom-seed=0'
install_least
strip lib/*.so.*.*.* lib/libgcc_s.so.1
mkdir -p /rootfs-lib/usr/lib
cp -P lib/libstdc++.so.* lib/libgcc_s.so.1 /rootfs-lib/usr/lib
