# Sourced by ./run and ./test: a Python environment in .venv that holds exactly what a lock file pins.
# Only wheels whose hashes are in the file are taken; nothing is built on this machine.

oldest='import sys; sys.exit(sys.version_info < (3, 11))'

say_and_stop() {
    printf '%s\n' "$1" >&2
    exit 1
}

find_python() {
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        if [ -n "$candidate" ] && "$candidate" -c "$oldest" 2>/dev/null; then
            python=$candidate
            return
        fi
    done
    say_and_stop 'Relais needs Python 3.11 or newer; install it (Debian: apt-get install python3 python3-venv).'
}

# Sets $uv to a uv that runs, fetching one into .boot if need be; empty when there is none to be had.
find_uv() {
    for uv in uv .boot/bin/uv; do
        if "$uv" --version >/dev/null 2>&1; then return; fi
    done
    rm -rf .boot
    if "$python" -m venv .boot >/dev/null 2>&1 &&
        .boot/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
            --only-binary :all: -r requirements/uv.txt >/dev/null 2>&1; then
        uv=.boot/bin/uv
        return
    fi
    rm -rf .boot
    uv=''
}

is_sound() {
    .venv/bin/python -c "$oldest" 2>/dev/null
}

by_uv() {
    [ -n "$uv" ] || return 1
    if ! is_sound; then
        rm -rf .venv
        "$uv" venv --quiet --python "$("$python" -c 'import sys; print(sys.executable)')" .venv || return 1
    fi
    "$uv" pip sync --quiet --python .venv/bin/python --require-hashes --no-build "requirements/$1.txt"
}

by_pip() {
    rm -rf .venv
    "$python" -m venv .venv ||
        say_and_stop 'Python cannot make environments here; install its venv module (Debian: apt-get install python3-venv).'
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        --only-binary :all: -r "requirements/$1.txt"
}

# install NAME: bring .venv to requirements/NAME.txt, at once if it is there already.
install() {
    name=$1
    known=$(cat .venv/relais-lock 2>/dev/null || true)
    case $known in dev\ *) name=dev ;; esac # holds everything that the smaller file asks for
    wanted="$name $(cksum <"requirements/$name.txt")"
    if [ "$known" = "$wanted" ] && is_sound; then return; fi

    find_python
    find_uv
    echo "Installing the packages of requirements/$name.txt …"
    rm -f .venv/relais-lock
    # A machine may know its certificates by itself, to uv only when asked, or to pip only.
    by_uv "$name" 2>/dev/null || UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 by_uv "$name" || by_pip "$name" ||
        say_and_stop 'The packages could not be installed; is there a way to the package index?'
    printf '%s' "$wanted" >.venv/relais-lock
}

# Translations are kept as text; what programs read is made from it when it is older or missing.
compile_translations() {
    for source in translations/*/LC_MESSAGES/*.po; do
        made=${source%.po}.mo
        if [ -f "$source" ] && { [ ! -f "$made" ] || [ -n "$(find "$source" -newer "$made")" ]; }; then
            .venv/bin/python -m babel.messages.frontend -q compile -i "$source" -o "$made"
        fi
    done
}
