# What the ways to build gcc 10 have in common.
system=x86_64-linux-musl
# compile OPTION...: what is not needed to build software with it is left out. $shared: whether its own libraries are shared.
compile() {
    mkdir build
    cd build
    ../configure --prefix=/usr --build=$system --host=$system --target=$system --enable-languages=c,c++ --enable-checking=release \
        --disable-bootstrap --disable-multilib --disable-nls ${shared:---disable-shared} --disable-lto --disable-plugin --disable-gcov \
        --disable-decimal-float --disable-fixincludes --disable-libatomic --disable-libcc1 --disable-libgomp --disable-libitm \
        --disable-libquadmath --disable-libsanitizer --disable-libssp --disable-libvtv --disable-libstdcxx-pch \
        --without-isl --without-zstd "$@"
    make -j$(cat /stagex/jobs)
}
# All libraries are in one folder, and without what debuggers read, which names the folder of the build.
install_all() {
    make DESTDIR=/rootfs install
    cd /rootfs/usr
    mv lib64/* lib
    rm -f lib/*.la lib/*.py
    strip -g lib/*.a lib/gcc/*/*/*.a lib/gcc/*/*/*.o
}
# And without what nobody uses who compiles with it.
install_least() {
    install_all
    rm -rf lib64 share bin/$system-* bin/gcc-* lib/gcc/*/*/install-tools lib/gcc/*/*/plugin libexec/gcc/*/*/install-tools
    strip bin/* libexec/gcc/*/*/cc1 libexec/gcc/*/*/cc1plus libexec/gcc/*/*/collect2 libexec/gcc/*/*/lto-wrapper
    ln -s gcc bin/cc
}
