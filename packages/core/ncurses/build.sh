./configure --prefix=/usr --disable-nls --disable-dependency-tracking --with-shared --without-normal --without-cxx --without-cxx-binding --without-ada --without-debug --without-manpages --without-tests --enable-widec --enable-pc-files --with-pkg-config-libdir=/usr/lib/pkgconfig CFLAGS=-O2 LDFLAGS=-s
make -j$(cat /stagex/jobs)
make DESTDIR=/rootfs install
# Programs look for the names of the libraries that know no wide characters, too.
for name in form menu ncurses panel; do ln -s lib${name}w.so /rootfs/usr/lib/lib$name.so; done
# Of more than a thousand terminals those that people sit at.
cd /rootfs/usr/share/terminfo
for name in */*; do
    case ${name#*/} in
    ansi | dumb | linux | rxvt* | screen | screen-256color | tmux | tmux-256color | vt100 | vt220 | xterm | xterm-256color) ;;
    *) rm $name ;;
    esac
done
rmdir * 2> /dev/null || true
mkdir -p /rootfs-lib/usr/lib /rootfs-lib/usr/share
cp -P /rootfs/usr/lib/lib*.so.* /rootfs-lib/usr/lib
cp -R /rootfs/usr/share/terminfo /rootfs-lib/usr/share
