package io.deeplog.spark;

import breeze.generic.UFunc;
import breeze.linalg.DenseMatrix;
import breeze.linalg.DenseVector;
import breeze.linalg.eigSym;
import breeze.linalg.eigSym$;

/**
 * Eigenvalues, descending, and eigenvectors of a symmetric matrix, by the LAPACK that MLlib uses
 * itself.
 *
 * @param values of length n
 * @param vectors [n][n], orthonormal; each one's largest part is positive
 */
public record SymmetricEigen(double[] values, double[][] vectors) {
  /**
   * Decomposes.
   *
   * @param matrix n x n, by columns or rows
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  public static SymmetricEigen of(double[] matrix, int n) {
    double[] values = new double[n];
    double[][] vectors = new double[n][n];
    if (n == 0) {
      return new SymmetricEigen(values, vectors);
    }
    DenseMatrix<Object> input = new breeze.linalg.DenseMatrix$mcD$sp(n, n, matrix.clone());
    // Breeze is Scala: its implicit implementation is passed by hand.
    eigSym.EigSym<DenseVector<Object>, DenseMatrix<Object>> found =
        (eigSym.EigSym<DenseVector<Object>, DenseMatrix<Object>>)
            ((UFunc) eigSym$.MODULE$).apply(input, (UFunc.UImpl) eigSym.EigSym_DM_Impl$.MODULE$);
    double[] ascending = (double[]) found.eigenvalues().data();
    double[] columns = (double[]) found.eigenvectors().data();
    for (int j = 0; j < n; j++) {
      int from = n - 1 - j;
      values[j] = ascending[from];
      int largest = 0;
      for (int i = 0; i < n; i++) {
        vectors[j][i] = columns[from * n + i];
        if (Math.abs(vectors[j][i]) > Math.abs(vectors[j][largest]) + 1e-9) {
          largest = i;
        }
      }
      if (vectors[j][largest] < 0) {
        for (int i = 0; i < n; i++) {
          vectors[j][i] = -vectors[j][i];
        }
      }
    }
    return new SymmetricEigen(values, vectors);
  }
}
