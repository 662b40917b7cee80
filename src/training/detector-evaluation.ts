import { LOCATIONS } from '../common/index.js';
import { encodeMask, type Rle } from '../masks/index.js';
import { type Detection, type Detector, pasteMask, SEGMENTER_NORMALISATION } from '../networks/index.js';
import { createCocoTally, createCompetitionTally, overlapsOfMasks } from '../scoring/index.js';
import type { DetectorImage, Instance } from './detector-images.js';

/** What a detector finds in images whose cells are known. */
export interface DetectorFigures {
  /** COCO's mask AP of cells, whatever their locations, at IoU 0.5 and over 0.5 to 0.95. */
  readonly ap50: number;
  readonly ap: number;
  /** The competition's mean AP over locations at IoU 0.6; NaN where no cell has a location. */
  readonly map60: number;
}

/** Judges a detector at its own scale. */
export async function judgeDetector(
  detector: Detector,
  images: readonly DetectorImage[],
): Promise<DetectorFigures> {
  const cells = createCocoTally({ classes: 1 });
  const locations = createCompetitionTally({ ious: [0.6] });
  for (const image of images) {
    const found = await detector.detect(floatPlanes(image));
    const { width, height } = image;
    const predicted = found.map((detection) => maskOf(detection, width, height));
    const overlaps = overlapsOfMasks(
      predicted,
      image.instances.map((instance) => fullMask(instance, width, height)),
    );
    cells.add({
      overlaps,
      truth: image.instances.map((_, instance) => ({ instance, classId: 0 })),
      detections: found.map(({ certainty }, instance) => ({ instance, classId: 0, score: certainty })),
    });
    locations.add({
      overlaps,
      truth: image.instances.flatMap((instance, i) =>
        instance.locations.map((classId) => ({ instance: i, classId })),
      ),
      detections: found.flatMap(({ scores }, instance) =>
        LOCATIONS.map((_, classId) => ({ instance, classId, score: scores[classId] })),
      ),
    });
  }
  const { ap, ap50 } = cells.score();
  return { ap, ap50, map60: locations.score(0.6).mAP };
}

function floatPlanes({ width, height, planes }: DetectorImage) {
  return planes.map((plane) => {
    const data = Float32Array.from(plane, (value) => (value * SEGMENTER_NORMALISATION.most) / 255);
    return { width, height, bitDepth: 32 as const, data };
  });
}

function maskOf(detection: Detection, width: number, height: number): Rle {
  const { box, mask } = pasteMask(detection, { x: 1, y: 1 }, width, height);
  return fullMask({ ...box, mask, locations: [] }, width, height);
}

function fullMask(instance: Instance, width: number, height: number): Rle {
  const full = new Uint8Array(width * height);
  for (let y = 0; y < instance.height; y++) {
    const row = instance.mask.subarray(y * instance.width, (y + 1) * instance.width);
    full.set(row, (instance.y + y) * width + instance.x);
  }
  return encodeMask(full, width, height);
}
