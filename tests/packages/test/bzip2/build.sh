make -j"$(cat /stagex/jobs)" libbz2.a bzip2 bzip2recover
make test
# Its own install target makes links into the folder it installs to.
install -D -m 644 -t /rootfs/usr/include bzlib.h
install -D -m 644 -t /rootfs/usr/lib libbz2.a
install -D -m 755 -t /rootfs/usr/bin bzip2 bzip2recover
