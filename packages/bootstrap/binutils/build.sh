# libtool would make an archive in parts where a command gets long, and TinyCC writes archives always from the beginning.
export lt_cv_sys_max_cmd_len=100000
# TinyCC does not say how integers lie in memory.
./configure --prefix=/usr --build=x86_64-linux-musl --host=x86_64-linux-musl --target=x86_64-linux-musl \
    --disable-nls --disable-gold --disable-gprof --disable-gdb --disable-gdbserver --disable-sim --disable-plugins --disable-shared --disable-werror \
    --disable-dependency-tracking --enable-deterministic-archives --with-system-zlib=no \
    CC=cc AR='tcc -ar' RANLIB=true MAKEINFO=true \
    CFLAGS='-D__ORDER_PDP_ENDIAN__=3412 -D__ORDER_LITTLE_ENDIAN__=1234 -D__ORDER_BIG_ENDIAN__=4321'
make -j$(cat /stagex/jobs) MAKEINFO=true
make DESTDIR=/rootfs MAKEINFO=true install
# The programs are all that is wanted here.
rm -rf /rootfs/usr/share /rootfs/usr/include /rootfs/usr/lib /rootfs/usr/x86_64-linux-musl
