# One program under all names, which takes a tenth of the room. stdbuf needs a shared library.
# Whether a user may make a FIFO by mknod cannot be tried by root; Linux lets him.
set -- --enable-single-binary=symlinks --enable-no-install-program=stdbuf gl_cv_func_mknod_works=yes
. /stagex/autotools.sh
