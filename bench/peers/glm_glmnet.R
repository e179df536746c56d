# Times glmnet (binomial): Rscript glm_glmnet.R DIR SET LAMBDA_MAX prints one JSON row per threshold, with the coefficients of all 100 lambdas.
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
read <- function(key) read_npy(file.path(arguments[1], arguments[2], paste0(key, ".npy")))
y <- read("y")
labels <- as.numeric(y > sort(y)[length(y) %/% 2 + 1])
if (file.exists(file.path(arguments[1], arguments[2], "X.npy"))) X <- read("X") else {
  shape <- read("shape")
  X <- sparseMatrix(i = rep(seq_len(shape[1]), diff(read("indptr"))), j = read("indices") + 1, x = read("data"), dims = shape)
}
cat(sprintf('{"system":"glmnet","version":"%s"}\n', packageVersion("glmnet")))
lambdas <- as.numeric(arguments[3]) * 10^seq(0, -2, length.out = 100)
# Or else it stops where the deviance hardly changes.
glmnet.control(fdev = 0, devmax = 1)

numbers <- function(values, format) paste0("[", paste(sprintf(format, values), collapse = ","), "]")
for (type in c("Newton", "modified.Newton")) for (threshold in c(1e-7, 1e-9, 1e-11)) {
  best <- c(Inf, Inf); spent <- 0
  for (run in 1:5) {
    times <- system.time(fit <- glmnet(X, labels, family = "binomial", lambda = lambdas, standardize = FALSE, thresh = threshold,
                                       maxit = 1e7, type.logistic = type))
    best <- pmin(best, c(times[["elapsed"]], times[["user.self"]] + times[["sys.self"]])); spent <- spent + times[["elapsed"]]
    if (spent > 4) break
  }
  fits <- sapply(seq_along(fit$lambda), function(k) {
    w <- as.numeric(fit$beta[, k]); index <- which(w != 0)
    sprintf('{"lambda":%.17g,"intercept":%.17g,"index":%s,"values":%s}', lambdas[k], fit$a0[[k]], numbers(index - 1, "%d"), numbers(w[index], "%.17g"))
  })
  cat(sprintf('{"system":"glmnet","solver":"%s","tol":%g,"ms":%.2f,"cpuMs":%.2f,"fits":[%s]}\n', type, threshold, best[1] * 1e3, best[2] * 1e3,
              paste(fits, collapse = ",")))
}
