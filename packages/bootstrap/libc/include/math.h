#ifndef _MATH_H
#define _MATH_H
// Only what compilers need of it.
double ldexp(double value, int exponent);
double fabs(double value);
#endif
