# Times glmnet: Rscript l1_glmnet.R DIR SET prints one JSON row per (job, threshold). Same objective and gap as in l1_python.py.
if (!requireNamespace("glmnet", quietly = TRUE)) { cat('{"missing":"glmnet"}\n'); quit() }
suppressPackageStartupMessages({ library(glmnet); library(Matrix) })

read_npy <- function(file) {
  connection <- file(file, "rb"); on.exit(close(connection))
  readBin(connection, "raw", 8)
  header <- rawToChar(readBin(connection, "raw", readBin(connection, "integer", 1, size = 2, signed = FALSE, endian = "little")))
  shape <- sub(".*shape': \\(([^)]*)\\).*", "\\1", header)
  shape <- as.numeric(regmatches(shape, gregexpr("[0-9]+", shape))[[1]])
  values <- if (grepl("<f8", header)) readBin(connection, "double", prod(shape)) else readBin(connection, "integer", prod(shape))
  if (length(shape) == 2) matrix(values, shape[1], shape[2], byrow = TRUE) else values
}

arguments <- commandArgs(TRUE)
set <- arguments[2]
read <- function(key) read_npy(file.path(arguments[1], set, paste0(key, ".npy")))
y <- read("y"); n <- length(y)
if (file.exists(file.path(arguments[1], set, "X.npy"))) X <- read("X") else {
  shape <- read("shape")
  X <- sparseMatrix(i = rep(seq_len(shape[1]), diff(read("indptr"))), j = read("indices") + 1, x = read("data"), dims = shape)
}
cat(sprintf('{"system":"glmnet","version":"%s"}\n', packageVersion("glmnet")))

centre <- colMeans(X); centred <- y - mean(y); null <- sum(centred^2) / (2 * n)
correlation <- function(r) as.numeric(crossprod(X, r)) - centre * sum(r)
gap <- function(w, lambda) {
  r <- centred - (as.numeric(X %*% w) - sum(centre * w))
  s <- min(1, lambda * n / max(abs(correlation(r))))
  primal <- sum(r^2) / (2 * n) + lambda * sum(abs(w))
  dual <- null - sum((s * r - centred)^2) / (2 * n)
  (primal - dual) / null
}
lambda_max <- max(abs(correlation(centred))) / n
# Or else it stops where the deviance hardly changes.
glmnet.control(fdev = 0, devmax = 1)

jobs <- list(single = lambda_max / 20, path = lambda_max * 10^seq(0, -2, length.out = 100))
for (job in names(jobs)) for (threshold in c(1e-7, 1e-10, 1e-12, 1e-14)) {
  lambdas <- jobs[[job]]
  best <- Inf; spent <- 0
  for (run in 1:10) {
    seconds <- system.time(fit <- glmnet(X, y, lambda = lambdas, standardize = FALSE, thresh = threshold, maxit = 1e7))[["elapsed"]]
    best <- min(best, seconds); spent <- spent + seconds
    if (spent > 4) break
  }
  checked <- if (job == "path") c(21, 51, 100) else 1
  worst <- max(sapply(checked, function(k) gap(as.numeric(fit$beta[, k]), lambdas[k])))
  cat(sprintf('{"system":"glmnet","set":"%s","job":"%s","tol":%g,"ms":%.2f,"gap":%.3g}\n', set, job, threshold, best * 1e3, worst))
}
