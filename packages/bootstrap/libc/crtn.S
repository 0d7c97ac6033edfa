// TinyCC wants crti.o and crtn.o, which begin and end what other libraries do before main. Here that is nothing.
