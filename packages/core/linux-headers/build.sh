make ARCH=x86 headers
find usr/include -name .\*.cmd -delete
mkdir /rootfs/usr
cp -r usr/include /rootfs/usr
