# gcc's own tests for torture: each is a program that ends well, or aborts, and is compiled at several levels of optimisation.
# torture NAME COMPILER LEVEL... prints a line for each test at each level, and in the log why those failed that did.
torture() {
    name=$1
    compiler=$2
    shift 2
    cd /src/gcc/gcc/testsuite/gcc.c-torture/execute
    jobs=$(cat /stagex/jobs)
    for level; do
        for job in $(seq $jobs); do
            ls *.c ieee/*.c | awk -v jobs=$jobs -v job=$job 'NR % jobs == job - 1' | while read file; do
                # What a test asks for on all machines.
                options=$(sed -n '/{ target/d; s/.*{ dg-\(additional-\)*options {* *"\([^"]*\)".*/\2/p' $file)
                if $compiler $level -w $options -o /tmp/program-$job $file -lm > /tmp/log-$job 2>&1 && timeout 60 /tmp/program-$job > /tmp/log-$job 2>&1; then
                    echo "PASS: $name${level:+ $level} ${file%.c}"
                else
                    echo "FAIL: $name${level:+ $level} ${file%.c}"
                    { echo "$name $level $file $options"; tail -n 3 /tmp/log-$job; } >&2
                fi
            done > /tmp/results-$job &
        done
        wait
        sort /tmp/results-*
        rm /tmp/results-*
    done
}
