folder=/rootfs$(python3 -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
mkdir -p $folder /rootfs/usr/bin
cp -r mesonbuild $folder
# An image with it need not have env.
sed '1s|.*|#!/usr/bin/python3|' meson.py > /rootfs/usr/bin/meson
chmod 755 /rootfs/usr/bin/meson
# As python's own library is compiled: what a source holds tells whether it is the same, not when it was written.
python3 -m compileall -q -o 0 -s /rootfs --invalidation-mode checked-hash $folder
