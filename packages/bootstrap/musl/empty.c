// What libm, libpthread and their like hold: nothing. All is in libc, but programs ask for them by name.
