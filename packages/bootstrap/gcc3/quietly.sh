# Lent to those that try a compiler. check NAME COMMAND... prints whether a command ends well and says nothing.
check() {
    name=$1
    shift
    if "$@" > log 2>&1 && ! [ -s log ]; then echo "PASS: $name"; else echo "FAIL: $name"; cat log; fi
}
# Each is an option of one language, which the compiler must know of which.
check_options() {
    echo 'int main() { return 0; }' > quiet.cc
    cp quiet.cc quiet.c
    for option in -fno-rtti -fno-exceptions -Weffc++ -Woverloaded-virtual; do
        check "$option of C++" g++ $option -c quiet.cc
    done
    for option in -ffreestanding -Wbad-function-cast; do
        check "$option of C" gcc $option -c quiet.c
    done
}
