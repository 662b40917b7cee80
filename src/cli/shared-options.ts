import { type Command, Option } from 'commander';
import type { Channel } from '../imaging/index.js';
import { EDGE_POLICIES } from '../predict/index.js';
import { DEFAULT_SEGMENTER, SEGMENTER_NAMES } from '../runs/index.js';
import {
  DEFAULT_POLICIES,
  type SegmentationPolicies,
  TOUCHING_NUCLEI,
  type TouchingNuclei,
  WITHOUT_NUCLEUS,
  type WithoutNucleus,
} from '../segment/index.js';
import { areaUm2, channelNames, wholeNumber } from './options.js';

/** What commands that read fields of view say of their inputs. */
export const INPUT_HELP =
  'folder of fields, files of a field (ID_red.png, ID_green.png, ID_blue.png, ID_yellow.png), OME-TIFFs (ID.ome.tif), or composites (ID_blue_red_green.jpg)';

export function segmenterOption(): Option {
  return new Option(
    '--segmenter <name|file>',
    `what outlines the cells: ${SEGMENTER_NAMES.join(', ')}, a network trained by "train segmenter" (.onnx), a bioimage.io ` +
      'package (folder, .yaml or .zip), or a folder with an HPA-Cell-Segmentation pair (nuclei-model.onnx, cell-model.onnx; ' +
      "compat:FOLDER keeps to the original's scale)",
  ).default(DEFAULT_SEGMENTER);
}

export function pixelSizeOption(): Option {
  return new Option(
    '--pixel-size <um|csv>',
    "edge of a pixel in um, or a CSV file with the columns ID,pixel_size_um (default: what an OME-TIFF says, else the atlas's scale)",
  );
}

/** What files call the channels. */
export function channelNamesOption(flag = '--channels'): Option {
  return new Option(
    `${flag} <names>`,
    "what file names, or the channels of an OME-TIFF, are called: e.g. tubulin=microtubules,gfp=protein,dapi=nuclei,calr=er; an OME-TIFF's " +
      "channels by number too (default: the atlas's colours; of an OME-TIFF guessed from its channels' names)",
  ).argParser(channelNames(flag));
}

/** What `--channels` of a detector names; `rgb` is the study's stack. */
export const CHANNEL_SETS: Readonly<Record<string, readonly Channel[]>> = {
  rgb: ['microtubules', 'protein', 'nuclei'],
  rgby: ['microtubules', 'protein', 'nuclei', 'er'],
};

export function channelsOption(standard: string): Option {
  return new Option('--channels <set>', 'rgb: microtubules, protein, nuclei; rgby: ER too')
    .choices(Object.keys(CHANNEL_SETS))
    .default(standard);
}

/** Fields worked out at a time. */
export function fieldWorkersOption(): Option {
  return new Option('--workers <n>', 'fields worked out at a time, in threads; the results are the same')
    .argParser(wholeNumber('--workers', 1, 256))
    .default(1);
}

export function edgeOption(): Option {
  return new Option(
    '--edge <policy>',
    'cells cut off by the border: as they are, scores weighted by size, or left out',
  )
    .choices([...EDGE_POLICIES])
    .default(EDGE_POLICIES[0]);
}

/** The values of `addPolicyOptions`. */
export interface PolicyOptions {
  touchingNuclei: TouchingNuclei;
  withoutNucleus: WithoutNucleus;
  minNucleusArea: number;
  minCellArea: number;
}

/** Options of what counts as a cell. */
export function addPolicyOptions(command: Command): Command {
  const { touchingNuclei, withoutNucleus, minNucleusUm2, minCellUm2 } = DEFAULT_POLICIES;
  return command
    .addOption(
      new Option(
        '--touching-nuclei <policy>',
        'nuclei that touch, no cytoplasm between them: one cell of them all (lobed and multinucleate cells), or one each',
      )
        .choices([...TOUCHING_NUCLEI])
        .default(touchingNuclei),
    )
    .addOption(
      new Option(
        '--without-nucleus <policy>',
        'cells whose nucleus is not seen: left out, or numbered after the others',
      )
        .choices([...WITHOUT_NUCLEUS])
        .default(withoutNucleus),
    )
    .option(
      '--min-nucleus-area <um2>',
      'smaller nuclei are debris (16 is enough at the border)',
      areaUm2('--min-nucleus-area'),
      minNucleusUm2,
    )
    .option('--min-cell-area <um2>', 'smaller cells are fragments', areaUm2('--min-cell-area'), minCellUm2);
}

export function policiesOf(options: PolicyOptions): SegmentationPolicies {
  const { touchingNuclei, withoutNucleus, minNucleusArea, minCellArea } = options;
  return { touchingNuclei, withoutNucleus, minNucleusUm2: minNucleusArea, minCellUm2: minCellArea };
}

/** Outlines that are known already; `more` says what else the command takes from the folder. */
export function masksOption(more = ''): Option {
  return new Option(
    '--masks <dir>',
    `label images DIR/ID/cells.png instead of segmenting (a truth folder, or what predict wrote)${more}`,
  );
}
