# Not as an argument: the makefile adds to it. What it says of an error names the source.
export CFLAGS='-O2 -ffile-prefix-map=/src/zstd=.'
set -- CC='cc -s' PREFIX=/usr BACKTRACE=0 HAVE_LZMA=0 HAVE_LZ4=0
make -j$(cat /stagex/jobs) -C lib "$@" libzstd libzstd.pc
make -j$(cat /stagex/jobs) -C programs "$@" zstd
make -C lib "$@" DESTDIR=/rootfs install-pc install-shared install-includes
make -C programs "$@" DESTDIR=/rootfs install
rm -rf /rootfs/usr/share
