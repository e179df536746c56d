/* Implicit factorisation by three conjugate gradient steps per row, as plain C: implicit_cg DIR ROWS COLS NNZ RANK SWEEPS, with
   r_indptr, r_indices, r_data (counts, float) and the same of the transpose (c_*) as raw files in DIR. The algorithm of the Python package
   `implicit` (Takacs, Pilaszy and Tikk 2011), written for this benchmark; with -DBLAS its products of vectors are calls into a BLAS, as in the
   package, otherwise they are inlined.
   Prints the milliseconds of each pair of half-sweeps, then a checksum. */
#include "bench.h"
#include <string.h>

#ifdef BLAS
/* As the package does it: every product of vectors is a call. */
float sdot_(const int *, const float *, const int *, const float *, const int *);
void saxpy_(const int *, const float *, const float *, const int *, float *, const int *);
static const int one = 1;
static inline float dot(const float *a, const float *b, int k) { return sdot_(&k, a, &one, b, &one); }
static inline void axpy(float a, const float *x, float *y, int k) { saxpy_(&k, &a, x, &one, y, &one); }
#else
static inline float dot(const float *restrict a, const float *restrict b, int k) {
  float s = 0;
  for (int t = 0; t < k; t++) s += a[t] * b[t];
  return s;
}

static inline void axpy(float a, const float *restrict x, float *restrict y, int k) {
  for (int t = 0; t < k; t++) y[t] += a * x[t];
}
#endif

static __attribute__((noinline)) void gram(const float *restrict Y, int n, int k, float lambda, float *restrict G) {
  memset(G, 0, sizeof(float) * k * k);
  for (int j = 0; j < n; j++)
    for (int s = 0; s < k; s++) axpy(Y[(size_t)j * k + s], Y + (size_t)j * k, G + s * k, k);
  for (int s = 0; s < k; s++) G[s * k + s] += lambda;
}

static __attribute__((noinline)) void half(int rows, const int *restrict indptr, const int *restrict indices, const float *restrict data,
                                           float *restrict X, const float *restrict Y, int n, int k, float lambda, float *restrict G,
                                           float *restrict scratch) {
  gram(Y, n, k, lambda, G);
  float *r = scratch, *p = r + k, *q = p + k;
  for (int i = 0; i < rows; i++) {
    float *x = X + (size_t)i * k;
    if (indptr[i] == indptr[i + 1]) {
      memset(x, 0, sizeof(float) * k);
      continue;
    }
    memset(r, 0, sizeof(float) * k);
    for (int s = 0; s < k; s++) axpy(-x[s], G + s * k, r, k);
    for (int e = indptr[i]; e < indptr[i + 1]; e++) {
      const float *y = Y + (size_t)indices[e] * k;
      axpy(1 + data[e] - data[e] * dot(y, x, k), y, r, k);
    }
    memcpy(p, r, sizeof(float) * k);
    float rr = dot(r, r, k);
    for (int step = 0; step < 3 && rr > 1e-20f; step++) {
      memset(q, 0, sizeof(float) * k);
      for (int s = 0; s < k; s++) axpy(p[s], G + s * k, q, k);
      for (int e = indptr[i]; e < indptr[i + 1]; e++) {
        const float *y = Y + (size_t)indices[e] * k;
        axpy(data[e] * dot(y, p, k), y, q, k);
      }
      float alpha = rr / dot(p, q, k);
      axpy(alpha, p, x, k);
      axpy(-alpha, q, r, k);
      float next = dot(r, r, k), beta = next / rr;
      rr = next;
      for (int t = 0; t < k; t++) p[t] = r[t] + beta * p[t];
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 7) return 2;
  const char *dir = argv[1];
  int m = atoi(argv[2]), n = atoi(argv[3]), k = atoi(argv[5]), sweeps = atoi(argv[6]);
  size_t nnz = strtoul(argv[4], NULL, 10);
  int *rp = load(dir, "r_indptr", sizeof(int) * (m + 1)), *ri = load(dir, "r_indices", sizeof(int) * nnz);
  int *cp = load(dir, "c_indptr", sizeof(int) * (n + 1)), *ci = load(dir, "c_indices", sizeof(int) * nnz);
  float *rd = load(dir, "r_data", sizeof(float) * nnz), *cd = load(dir, "c_data", sizeof(float) * nnz);
  float *X = aligned_alloc(64, sizeof(float) * m * k), *Y = aligned_alloc(64, sizeof(float) * n * k);
  float *G = aligned_alloc(64, sizeof(float) * k * k), *scratch = aligned_alloc(64, sizeof(float) * 3 * k);
  srand(1);
  for (int i = 0; i < m * k; i++) X[i] = 0.01f * rand() / RAND_MAX;
  for (int i = 0; i < n * k; i++) Y[i] = 0.01f * rand() / RAND_MAX;
  for (int s = 0; s < sweeps; s++) {
    double start = now_ms();
    half(m, rp, ri, rd, X, Y, n, k, 0.01f, G, scratch);
    half(n, cp, ci, cd, Y, X, m, k, 0.01f, G, scratch);
    printf("%.3f\n", now_ms() - start);
  }
  double sum = 0;
  for (int i = 0; i < m * k; i++) sum += X[i];
  printf("checksum %g\n", sum);
  return 0;
}
