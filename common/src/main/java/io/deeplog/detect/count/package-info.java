/** The count detector: PCA over event counts (Xu et al., SOSP 2009). */
package io.deeplog.detect.count;
