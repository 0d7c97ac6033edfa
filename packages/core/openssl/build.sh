perl Configure linux-x86_64 --prefix=/usr --libdir=lib --openssldir=/etc/ssl shared no-afalgeng no-tests no-docs -O2 -s
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install_sw install_ssldirs
# Scripts in Perl, which nothing here needs.
rm -r /rootfs/usr/bin/c_rehash /rootfs/etc/ssl/misc
rm -f /rootfs/usr/lib/*.a /rootfs/etc/ssl/*.dist
