make -j$(cat /stagex/jobs) CC=cc CFLAGS=-D_FILE_OFFSET_BITS=64 bzip2 bzip2recover libbz2.a
make PREFIX=/rootfs/usr install
# Upstream makes copies, and links to where it was installed.
cd /rootfs/usr/bin
ln -sf bzip2 bunzip2
ln -sf bzip2 bzcat
ln -sf bzdiff bzcmp
ln -sf bzgrep bzegrep
ln -sf bzgrep bzfgrep
ln -sf bzmore bzless
rm -rf /rootfs/usr/man
