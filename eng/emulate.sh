# Programs of 32 bits, which the seed and the first ones made from it are; sourced by setup.sh.
#
# Some kernels for x86_64 run none (ia32_emulation=off, or a virtual machine that cannot). There qemu does, told to the kernel, so
# that it holds in every container. What the programs write is the same; who trusts no emulator builds on another kernel.

emulator=/usr/bin/qemu-i386-static

# With no file to read the seed fails in a way of its own; with 126 the kernel has refused it.
runs_32_bits() {
    local status=0
    "$(dirname "${BASH_SOURCE[0]}")/../packages/bootstrap/stage0/seed" 2> /dev/null < /dev/null || status=$?
    [[ $status -ne 126 ]]
}

setup_emulation() {
    runs_32_bits && return 0
    if [[ $EUID -ne 0 ]]; then
        echo "error: this kernel runs no programs of 32 bits, as the seed is; run eng/build.sh as root once, so that an emulator is registered" >&2
        return 1
    fi
    [[ -e $emulator ]] || install qemu-user-static || return 1
    local formats=/proc/sys/fs/binfmt_misc
    [[ -e $formats/register ]] || mount -t binfmt_misc binfmt_misc $formats || return 1
    # An executable (or one that moves) for i386, whatever its header's padding holds. F: the kernel keeps the emulator open.
    echo "Registering $emulator, since this kernel runs no programs of 32 bits"
    printf '%s' ':stagex-i386:M::\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x03\x00:\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x00\xfe\xff\xff\xff:'"$emulator:F" > $formats/register || return 1
    runs_32_bits || { echo "error: the emulator does not run the seed" >&2; return 1; }
}
