# As root, who builds.
export FORCE_UNSAFE_CONFIGURE=1
. /stagex/autotools.sh
