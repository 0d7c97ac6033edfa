# The whole library as one object, as upstream makes it for static programs. There are no thread locals (see the patch); musl has what C11 has.
cc -I /stagex -I include -D MI_MALLOC_OVERRIDE -D MI_TLS_PTHREAD -D __thread= -D __USE_ISOC11 -D NDEBUG -c -o mimalloc.o src/static.c
# What every program begins with brings its allocator along; an object is asked before libc is.
mkdir -p /rootfs/usr/lib /rootfs/usr/include
tcc -r -o /rootfs/usr/lib/crt1.o /usr/lib/crt1.o mimalloc.o
cp include/mimalloc.h /rootfs/usr/include
