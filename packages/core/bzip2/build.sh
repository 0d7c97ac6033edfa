make -j$(cat /stagex/jobs) CC='cc -s' CFLAGS='-O2 -D_FILE_OFFSET_BITS=64' bzip2 bzip2recover libbz2.a
make PREFIX=/rootfs/usr install
# Once more with a shared library, for which there is a makefile of its own that installs nothing.
rm *.o *.a
make -f Makefile-libbz2_so CC='cc -s' CFLAGS='-O2 -fpic -D_FILE_OFFSET_BITS=64'
cp bzip2-shared bzip2
cp bzip2 /rootfs/usr/bin
rm /rootfs/usr/lib/libbz2.a
cp libbz2.so.1.0.* /rootfs/usr/lib
cd /rootfs/usr/lib
ln -s libbz2.so.1.0.* libbz2.so.1.0
ln -s libbz2.so.1.0 libbz2.so
# Upstream makes copies, and links to where it was installed.
cd /rootfs/usr/bin
ln -sf bzip2 bunzip2
ln -sf bzip2 bzcat
ln -sf bzdiff bzcmp
ln -sf bzgrep bzegrep
ln -sf bzgrep bzfgrep
ln -sf bzmore bzless
rm -rf /rootfs/usr/man
mkdir -p /rootfs-lib/usr/lib
cp -P /rootfs/usr/lib/libbz2.so.* /rootfs-lib/usr/lib
