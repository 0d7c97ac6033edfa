cd ../glibc/timezone
for name in PKGVERSION TZVERSION REPORT_BUGS_TO; do echo "static char const $name[] = \"\";"; done > version.h
cc -O2 -o /tmp/zic zic.c
cd ../../tzdata
/tmp/zic -b fat -d /rootfs/usr/share/zoneinfo africa antarctica asia australasia backward etcetera europe factory northamerica southamerica
cp iso3166.tab zone.tab zone1970.tab leapseconds /rootfs/usr/share/zoneinfo
