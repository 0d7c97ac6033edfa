./configure --prefix=/usr --enable-shared --without-ensurepip --without-static-libpython --with-system-expat --disable-test-modules \
    --with-dbmliborder= --with-openssl=/usr CFLAGS=-O2 LDFLAGS=-s
make -j$(cat /stagex/jobs)
# It tells how it was built, but not in which folder.
sed -i 's|/src/python|.|g' $(cat pybuilddir.txt)/_sysconfigdata*.py
make DESTDIR=/rootfs install
sed -i 's|/src/python|.|g' /rootfs/usr/lib/python3.*/config-*/Makefile
ln -s python3 /rootfs/usr/bin/python
cd /rootfs/usr
rm -rf share lib/python3.*/idlelib lib/python3.*/tkinter lib/python3.*/turtledemo lib/python3.*/ensurepip lib/python3.*/pydoc_data
rm -f bin/idle3*
