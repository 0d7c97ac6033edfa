# Each program of busybox is a link to it, but for ar: the compiler's calls it by its longer name.
cd /rootfs/usr/bin
for name in $(./busybox --list); do
    case $name in
    ar | busybox) ;;
    *) ./busybox ln -s busybox $name ;;
    esac
done
