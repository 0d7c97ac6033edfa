# What its CMakeLists.txt would do.
sed -e "s/@tini_VERSION_MAJOR@.*PATCH@/0.19.0/; s/@tini_VERSION_GIT@//" src/tiniConfig.h.in > src/tiniConfig.h
install -d /rootfs/usr/bin
cc -o /rootfs/usr/bin/tini -D PR_SET_CHILD_SUBREAPER=36 -D PR_GET_CHILD_SUBREAPER=37 src/tini.c
