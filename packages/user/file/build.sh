set -- --datadir=/usr/lib --disable-bzlib --disable-xzlib --disable-zlib --disable-zstdlib --disable-lzlib --disable-libseccomp
. /stagex/autotools.sh
