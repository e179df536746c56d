/* CSR matrix times vector, as plain C: matvec DIR ROWS NNZ ROUNDS, with indptr, indices, data and x as raw files in DIR.
   Prints the best milliseconds of each round, one a line, then a checksum. */
#include "bench.h"

static __attribute__((noinline)) void matvec(int rows, const int *restrict indptr, const int *restrict indices,
                                             const double *restrict data, const double *restrict x, double *restrict out) {
  for (int o = 0; o < rows; o++) {
    double s = 0;
    for (int e = indptr[o]; e < indptr[o + 1]; e++) s += data[e] * x[indices[e]];
    out[o] = s;
  }
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int rows = atoi(argv[2]), nnz = atoi(argv[3]), rounds = atoi(argv[4]);
  int *indptr = load(argv[1], "indptr", sizeof(int) * ((size_t)rows + 1));
  int *indices = load(argv[1], "indices", sizeof(int) * (size_t)nnz);
  double *data = load(argv[1], "data", sizeof(double) * (size_t)nnz);
  double *x = load(argv[1], "x", sizeof(double) * (size_t)rows);
  double *out = calloc(rows, sizeof(double));
  for (int round = -1; round < rounds; round++) { /* round -1 warms up */
    double best = 1e300, end = now_ms() + 80;
    for (int count = 0; count < 3 || now_ms() < end; count++) {
      double start = now_ms();
      matvec(rows, indptr, indices, data, x, out);
      double ms = now_ms() - start;
      if (ms < best) best = ms;
    }
    if (round >= 0) printf("%.6f\n", best);
  }
  double sum = 0;
  for (int o = 0; o < rows; o++) sum += out[o];
  printf("%.17g\n", sum);
  return 0;
}
