/*
 * What mimalloc uses of C11's atomics, for TinyCC, which has none. Every atomic of mimalloc has eight bytes, and on x86-64
 * those are read and written whole, in order; what reads and writes at once is said in assembly. All orders are the strongest.
 */
#pragma once

enum memory_order { memory_order_relaxed, memory_order_acquire, memory_order_release, memory_order_acq_rel };

#define _Atomic(type) type volatile
#define ATOMIC_VAR_INIT(value) value

#define atomic_load_explicit(from, order) (*(from))
#define atomic_store_explicit(to, value, order) ((void)(*(to) = (value)))
#define atomic_fetch_add_explicit(to, value, order) ((typeof(*(to)))stagex_add((long volatile *)(to), (long)(value)))
#define atomic_fetch_sub_explicit(to, value, order) ((typeof(*(to)))stagex_add((long volatile *)(to), -(long)(value)))
#define atomic_fetch_and_explicit(to, value, order) ((typeof(*(to)))stagex_and((long volatile *)(to), (long)(value)))
#define atomic_fetch_or_explicit(to, value, order) ((typeof(*(to)))stagex_or((long volatile *)(to), (long)(value)))
#define atomic_exchange_explicit(to, value, order) ((typeof(*(to)))stagex_exchange((long volatile *)(to), (long)(value)))
#define atomic_compare_exchange_strong_explicit(to, expected, value, order, failure) stagex_replace((long volatile *)(to), (long *)(expected), (long)(value))
#define atomic_compare_exchange_weak_explicit atomic_compare_exchange_strong_explicit

static inline long stagex_add(long volatile *to, long value)
{
    __asm__ volatile("lock; xaddq %0, (%1)" : "+r"(value) : "r"(to) : "memory");
    return value;
}

static inline long stagex_exchange(long volatile *to, long value)
{
    __asm__ volatile("xchgq %0, (%1)" : "+r"(value) : "r"(to) : "memory");
    return value;
}

static inline int stagex_replace(long volatile *to, long *expected, long value)
{
    long found = *expected;
    __asm__ volatile("lock; cmpxchgq %2, (%1)" : "+a"(found) : "r"(to), "r"(value) : "memory");
    if (found == *expected)
        return 1;
    *expected = found;
    return 0;
}

static inline long stagex_and(long volatile *to, long value)
{
    long found = *to;
    while (!stagex_replace(to, &found, found & value))
        ;
    return found;
}

static inline long stagex_or(long volatile *to, long value)
{
    long found = *to;
    while (!stagex_replace(to, &found, found | value))
        ;
    return found;
}
