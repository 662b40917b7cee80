"""The stages of `npm run bench -- segment` in scikit-image (with scipy and numpy under it) or in OpenCV.

One JSON argument: folder (of raw arrays), repeats, peer ("scikit-image" | "OpenCV"). Says on stdout who it is and which
stages it has, as one line of JSON; then each line on stdin is a stage, and the answer the seconds it took.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

FIELD = 2048
WORKING = 512
PIXEL_UM = 163.84 / WORKING
WARM_UP = 3

job = json.loads(sys.argv[1])


def load(name, kind, size=WORKING):
    return np.fromfile(Path(job["folder"]) / name, kind).reshape(size, size)


field = load("plane.u8", np.uint8, FIELD)
plane = load("plane.f32", np.float32)
nuclei = load("nuclei.u8", np.uint8)
cells = load("cells.u8", np.uint8)
cost = load("cost.f32", np.float32)
seeds = load("seeds.i32", np.int32)
labels = load("labels.i32", np.int32)


def scikit_image():
    import skimage
    from scipy import ndimage
    from skimage import filters, measure, morphology, segmentation, transform

    nuclei_mask, cells_mask = nuclei > 0, cells > 0

    def label_images():
        """The same outlines: each label's blurred indicator, enlarged, the greatest wins."""
        best = np.zeros((FIELD, FIELD), np.float32)
        total = np.zeros((FIELD, FIELD), np.float32)
        out = np.zeros((FIELD, FIELD), np.int32)
        scale = FIELD // WORKING
        for region in measure.regionprops(labels):
            top, left, bottom, right = region.bbox
            top, left = max(0, top - 4), max(0, left - 4)
            bottom, right = min(WORKING, bottom + 4), min(WORKING, right + 4)
            window = (labels[top:bottom, left:right] == region.label).astype(np.float32)
            blurred = filters.gaussian(window, 0.7, mode="reflect", truncate=4)
            large = transform.resize(
                blurred, ((bottom - top) * scale, (right - left) * scale), order=1, mode="edge", anti_aliasing=False
            )
            view = np.s_[top * scale : bottom * scale, left * scale : right * scale]
            total[view] += large
            won = large > best[view]
            best[view][won] = large[won]
            out[view][won] = region.label
        out[total < 0.5] = 0
        return out

    return skimage.__version__, {
        "resize": lambda: transform.downscale_local_mean(field.astype(np.float32), (4, 4)),
        "gaussian": lambda: filters.gaussian(plane, 0.5 / PIXEL_UM, mode="reflect", truncate=4),
        "percentile": lambda: np.percentile(plane, 1),
        "otsu": lambda: filters.threshold_otsu(plane, nbins=512),
        "holes": lambda: morphology.remove_small_holes(nuclei_mask, max_size=int(20 / PIXEL_UM**2), connectivity=1),
        "opening": lambda: morphology.isotropic_opening(cells_mask, 1 / PIXEL_UM),
        "distance": lambda: ndimage.distance_transform_edt(nuclei_mask),
        "labelling": lambda: measure.label(nuclei_mask, connectivity=2),
        "regions": lambda: measure.regionprops_table(labels, properties=("label", "bbox", "area")),
        "watershed": lambda: segmentation.watershed(cost, seeds, mask=cells_mask),
        "label images": label_images,
    }


def opencv():
    import cv2

    sigma = 0.5 / PIXEL_UM
    size = 2 * int(4 * sigma + 0.5) + 1
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))

    def holes():
        background = (nuclei == 0).astype(np.uint8)
        count, regions, stats, _ = cv2.connectedComponentsWithStats(background, connectivity=4)
        small = stats[:, cv2.CC_STAT_AREA] <= 20 / PIXEL_UM**2
        small[0] = False
        return nuclei | small[regions]

    return cv2.__version__, {
        "resize": lambda: cv2.resize(field, (WORKING, WORKING), interpolation=cv2.INTER_AREA).astype(np.float32),
        "gaussian": lambda: cv2.GaussianBlur(plane, (size, size), sigma, borderType=cv2.BORDER_REFLECT),
        "holes": holes,
        "opening": lambda: cv2.morphologyEx(cells, cv2.MORPH_OPEN, disk),
        "distance": lambda: cv2.distanceTransform(nuclei, cv2.DIST_L2, cv2.DIST_MASK_PRECISE),
        "labelling": lambda: cv2.connectedComponents(nuclei, connectivity=8),
        "regions": lambda: cv2.connectedComponentsWithStats(nuclei, connectivity=8),
    }


version, stages = scikit_image() if job["peer"] == "scikit-image" else opencv()
for run in stages.values():
    for _ in range(WARM_UP):
        run()
print(json.dumps({"version": version, "stages": list(stages)}), flush=True)
for line in sys.stdin:
    run = stages[line.strip()]
    start = time.perf_counter()
    for _ in range(job["repeats"]):
        run()
    print(json.dumps((time.perf_counter() - start) / job["repeats"]), flush=True)
