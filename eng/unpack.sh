# Packages of another Debian than this one, for the tests, in folders of the user's; sourced by setup.sh.
#
# What this Debian has not, or too old, is fetched from a newer one by an apt whose state is private (addresses, proxy and keys are
# those of the machine) and unpacked, not installed.

unpacked_folder=${XDG_CACHE_HOME:-$HOME/.cache}/stagex-tools

# unpack NAME SUITE PACKAGE...: into the folder of that name, unless it is there.
unpack() {
    local folder=$unpacked_folder/$1 suite=$2 packages=("${@:3}")
    [[ ! -e $folder ]] || return 0
    if ! command -v apt-get > /dev/null; then
        echo "error: ${packages[*]}, which tests use, come from Debian's packages, and there is no apt-get" >&2
        return 1
    fi
    echo "Unpacking ${packages[*]} of Debian $suite into $folder"
    mkdir -p "$unpacked_folder"
    local work status=0
    work=$(mktemp -d "$unpacked_folder/.$1.XXXXXX")
    (set -e; unpack_into "$work") > "$work/log" 2>&1 < /dev/null || status=$?
    if [[ $status -ne 0 ]]; then
        tail -n 20 "$work/log" >&2
        echo "error: could not fetch ${packages[*]}" >&2
    else
        # Two of these at once bring the same; the later one goes.
        mv -T "$work/root" "$folder" 2> /dev/null || [[ -e $folder ]] || status=1
    fi
    rm -rf "$work"
    return $status
}

unpack_into() {
    local work=$1 archive package
    archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
    mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/packages" "$work/root"
    : > "$work/status"
    cat > "$work/suite.sources" <<END
Types: deb
URIs: $archive
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
    # The system's hooks belong to the system's state.
    cat > "$work/apt.conf" <<'END'
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
END
    local options=(
        -c "$work/apt.conf" -o "Dir::State=$work/state" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
        -o "Dir::Etc::sourcelist=$work/suite.sources" -o Dir::Etc::sourceparts=/dev/null -o Acquire::Languages=none
        # As root apt would fetch as a user who may not enter a folder of root's.
        -o APT::Sandbox::User=root -o Acquire::Retries=3
    )
    apt-get "${options[@]}" update
    cd "$work/packages"
    apt-get "${options[@]}" download "${packages[@]}"
    for package in *.deb; do
        dpkg-deb -x "$package" "$work/root"
    done
}
