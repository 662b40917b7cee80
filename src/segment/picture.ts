import {
  type FloatPlane,
  type LabelImage,
  medianDiameterPx,
  resizeArea,
  scaledSize,
} from '../imaging/index.js';
import type { MapNetwork, SegmenterMaps } from '../networks/index.js';
import { type MapNucleiOptions, nucleiFromMaps } from './map-nuclei.js';
import { NUCLEI_THRESHOLDS } from './network.js';

/** Nuclei of pictures without a scale: whatever has a few pixels. */
export const PICTURE_NUCLEI: MapNucleiOptions = {
  ...NUCLEI_THRESHOLDS,
  maxHolePx: 40,
  minAreaPx: 30,
  minCutAreaPx: 15,
  smoothingPx: 0,
};

/**
 * Further looks at a picture: enlarged by a factor, and so that its median nucleus gets these diameters. Chosen on training images
 * of the Data Science Bowl 2018, as was the least area: models/nuclei.md.
 */
const ENLARGEMENT = 1.5;
const DIAMETERS_PX = [20, 28];
/** Further shrinking loses outlines; further enlarging shows nothing new. */
const SMALLEST_SCALE = 0.5;
const LARGEST_SCALE = 2.5;

/**
 * Nuclei of a picture of the nuclear stain whose scale is not known, numbered from 1. The network looks at the picture as it is,
 * which tells how large the nuclei are, then at other scales; what it says is averaged. Where it sees no nucleus at first, that is all.
 * @param picture values in [0, 1] of full scale
 */
export async function nucleiOfPicture(
  network: MapNetwork,
  picture: FloatPlane,
  options: MapNucleiOptions = PICTURE_NUCLEI,
): Promise<LabelImage> {
  const first = await network.run([picture]);
  const nuclei = nucleiFromMaps(first, options);
  const diameterPx = medianDiameterPx(nuclei);
  if (diameterPx === null) return nuclei;
  const looks = [first];
  for (const wanted of [ENLARGEMENT, ...DIAMETERS_PX.map((wantedPx) => wantedPx / diameterPx)]) {
    const { width, height } = scaledSize(picture, Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, wanted)));
    const { inside, border, distance } = await network.run([resizeArea(picture, width, height)]);
    const back = (map: FloatPlane | null) => map && resizeArea(map, picture.width, picture.height);
    looks.push({
      inside: resizeArea(inside, picture.width, picture.height),
      border: back(border),
      distance: back(distance),
    });
  }
  return nucleiFromMaps(meanMaps(looks), options);
}

/** Mean of each map; a map that the network does not give is null in all of them. */
function meanMaps(looks: readonly SegmenterMaps[]): SegmenterMaps {
  const mean = (name: keyof SegmenterMaps): FloatPlane | null => {
    const planes = looks.flatMap((look) => look[name] ?? []);
    if (planes.length === 0) return null;
    const data = new Float32Array(planes[0].data.length);
    for (const plane of planes)
      for (let i = 0; i < data.length; i++) data[i] += plane.data[i] / planes.length;
    return { ...planes[0], data };
  };
  return { inside: mean('inside')!, border: mean('border'), distance: mean('distance') };
}
