# Installs what is missing from the distribution's packages; sourced by build.sh and test.sh.
#
#   setup build|test
#
# Says in one line what it installs, and nothing where nothing is missing.

. "$(dirname "${BASH_SOURCE[0]}")/unpack.sh"
. "$(dirname "${BASH_SOURCE[0]}")/docker.sh"
. "$(dirname "${BASH_SOURCE[0]}")/emulate.sh"

# A command or file that must be there, and the package that brings it.
needs_to_build=(buildah:buildah runc:runc git:git)
needs_as_ordinary_user=(newuidmap:uidmap fuse-overlayfs:fuse-overlayfs)
needs_to_test=(
    # The zoo of engines and readers of images, and what rootless ones want.
    podman:podman skopeo:skopeo umoci:umoci docker-registry:docker-registry
    newuidmap:uidmap fuse-overlayfs:fuse-overlayfs
    # The build root for packages compiled by gcc, and small programs for test images.
    mmdebstrap:mmdebstrap busybox:busybox-static
    # What tests compare with or make inputs by; g++ brings gcc and the headers that it wants.
    g++:g++ make:make
    objdump:binutils diffoscope:diffoscope-minimal gpg:gnupg ssh-keygen:openssh-client patch:patch zip:zip xz:xz-utils zstd:zstd lzip:lzip bzip2:bzip2
    # Read the schemas of attestations.
    protoc:protobuf-compiler /usr/include/google/protobuf/struct.proto:libprotobuf-dev
    /usr/lib/python3/dist-packages/google/protobuf/json_format.py:python3-protobuf
)

setup() {
    local needs=("${needs_to_build[@]}") missing=() need
    [[ $1 == test ]] && needs+=("${needs_to_test[@]}")
    [[ $EUID -ne 0 ]] && needs+=("${needs_as_ordinary_user[@]}")

    if ! command -v dotnet > /dev/null; then
        echo "error: the .NET SDK is missing; install dotnet-sdk-10.0 (https://dotnet.microsoft.com/download)" >&2
        return 1
    fi
    for need in "${needs[@]}"; do
        # System commands are not on every user's path.
        PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin command -v "${need%%:*}" > /dev/null || [[ -e ${need%%:*} ]] ||
            [[ " ${missing[*]} " == *" ${need#*:} "* ]] || missing+=("${need#*:}")
    done
    if [[ ${#missing[@]} -gt 0 ]]; then
        install "${missing[@]}" || return 1
    fi
    setup_emulation || return 1
    [[ $1 != test ]] || { setup_docker && setup_specifications; }
}

# What those who publish them make of their formats: the validator of SPDX, and the schemas of in-toto and SLSA.
setup_specifications() {
    unpack specifications forky python3-spdx-tools python3-beartype python3-boolean python3-license-expression python3-uritools \
        golang-github-in-toto-attestation-dev
}

install() {
    local missing=("$@")
    if [[ $EUID -ne 0 ]]; then
        echo "error: missing: ${missing[*]}; install with: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
        return 1
    fi
    if ! command -v apt-get > /dev/null; then
        echo "error: missing: ${missing[*]}; install them with your distribution's package manager" >&2
        return 1
    fi
    echo "Installing ${missing[*]}"
    local log
    log=$(mktemp)
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "${missing[@]}"; } > "$log" 2>&1 < /dev/null; then
        tail -n 20 "$log" >&2
        echo "error: could not install ${missing[*]}; the whole log is $log" >&2
        return 1
    fi
    rm -f "$log"
}
