"""HPA-Cell-Segmentation's post-processing written down once more, with scikit-image, from the same description.

Argument: a folder with float32 arrays n1, n2, c1, c2 (.npy, [height, width]). Writes cells.npy (float32 labels) beside them.
"""
import sys
from pathlib import Path

import numpy as np
from scipy import ndimage
from skimage import filters, measure, morphology, segmentation

folder = Path(sys.argv[1])
n1, n2, c1, c2 = (np.load(folder / f"{name}.npy") for name in ("n1", "n2", "c1", "c2"))


def without_small(labels, least):
    counts = np.bincount(labels.ravel())
    small = np.flatnonzero(counts < least)
    return np.where(np.isin(labels, small), 0, labels)


seeds = without_small(measure.label(n2 * (1 - (n1 + c1) > 0.05) > 0.15, connectivity=2), 500)
filled = n2 > 0.4
holes = measure.label(~filled, connectivity=1)
for region in measure.regionprops(holes):
    top, left, bottom, right = region.bbox
    inside = top > 0 and left > 0 and bottom < n2.shape[0] and right < n2.shape[1]
    if inside and region.area <= 1000:
        filled[holes == region.label] = True
nuclei = without_small(segmentation.watershed(np.zeros_like(n2), seeds, mask=filled, watershed_line=True), 2500)
threshold = max(0.22, 0.5 * filters.threshold_otsu(c2))
cells = without_small(segmentation.watershed(-c2, nuclei, mask=(c2 > threshold) | (nuclei > 0)), 5500)
cells = morphology.closing(cells, morphology.disk(6))
for label in np.unique(cells)[1:]:
    cells[ndimage.binary_fill_holes(cells == label) & (cells == 0)] = label
cells = segmentation.watershed(-c2, cells, mask=(cells > 0) | (c1 > 0.05))
np.save(folder / "cells.npy", cells.astype(np.float32))
