# Here a slow compiler makes one that is not.
. /stagex/make.sh
make DESTDIR=/rootfs install
cd /rootfs/usr
mv lib64/*.a lib
# As in the one that is built with it: what is linked from here is compared.
strip -g lib/*.a lib/gcc/*/*/*.a lib/gcc/*/*/*.o
