import { Option } from 'commander';
import { EDGE_POLICIES } from '../predict/index.js';
import { DEFAULT_SEGMENTER, SEGMENTER_NAMES } from '../runs/index.js';

/** What commands that read fields of view say of their inputs. */
export const INPUT_HELP =
  'folder of fields, files of a field (ID_red.png, ID_green.png, ID_blue.png, ID_yellow.png), or composites (ID_blue_red_green.jpg)';

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
    "edge of a pixel in um, or a CSV file with the columns ID,pixel_size_um (default: the atlas's scale)",
  );
}

export function edgeOption(): Option {
  return new Option(
    '--edge <policy>',
    'cells cut off by the border: as they are, scores weighted by size, or left out',
  )
    .choices([...EDGE_POLICIES])
    .default(EDGE_POLICIES[0]);
}

/** Outlines that are known already; `more` says what else the command takes from the folder. */
export function masksOption(more = ''): Option {
  return new Option(
    '--masks <dir>',
    `label images DIR/ID/cells.png instead of segmenting (a truth folder, or what predict wrote)${more}`,
  );
}
