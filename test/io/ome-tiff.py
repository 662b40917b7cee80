"""Writes the OME-TIFFs that ome-tiff.test.ts reads: tifffile is what most Python programs write them with."""

import sys

import numpy as np
import tifffile

folder = sys.argv[1]
pixels = np.arange(4 * 6 * 8, dtype=np.uint16).reshape(4, 6, 8) * 300
metadata = {
    "axes": "CYX",
    "Channel": {"Name": ["DAPI", "tubulin", "target protein", "ER"]},
    "PhysicalSizeX": 0.08,
    "PhysicalSizeXUnit": "µm",
    "PhysicalSizeY": 80,
    "PhysicalSizeYUnit": "nm",
}
write = lambda name, data=pixels, **options: tifffile.imwrite(
    f"{folder}/{name}.ome.tif", data, photometric="minisblack", **{"metadata": metadata, **options}
)
write("plain")
write("big", bigtiff=True, compression="zlib", predictor=True)
write("motorola", byteorder=">", tile=(16, 16))
write("eight", (pixels >> 8).astype(np.uint8), compression="zlib")
with tifffile.TiffWriter(f"{folder}/pyramid.ome.tif") as file:
    file.write(pixels, photometric="minisblack", subifds=1, metadata=metadata)
    file.write(pixels[:, ::2, ::2], photometric="minisblack", subfiletype=1)
write("stack", np.zeros((4, 3, 6, 8), np.uint8), metadata={**metadata, "axes": "CZYX"})
write("float", pixels.astype(np.float32))
tifffile.imwrite(f"{folder}/imagej.tif", pixels, imagej=True, metadata={"axes": "CYX"})
